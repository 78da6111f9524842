#include "daemon/app/duty.hpp"

#include "daemon/base/exercise_clock.hpp"

namespace kentongan {

namespace {
constexpr auto kBookmark = "duty";
constexpr auto kExercise = "exercise";
}  // namespace

std::unique_ptr<const Clock> clock_for(const DaemonSettings& settings) {
    const auto began = parse_rfc3339(settings.exercise_began);
    const auto time = parse_rfc3339(settings.exercise_time);
    if (!settings.exercise || !began || !time) return std::make_unique<SystemClock>();
    return std::make_unique<ExerciseClock>(*began, *time, settings.exercise_speed);
}

Result<> keep_duty(AlertStore& store, const std::map<std::string, std::string>& bookmarks,
                   bool exercise, const std::string& path) {
    const auto kept = bookmarks.find(kBookmark);
    const bool was_exercise = kept != bookmarks.end() && kept->second == kExercise;
    if (was_exercise == exercise) return {};
    if (was_exercise)
        return fail(ErrorCode::config,
                    "store {}: it holds an exercise; set daemon.exercise, or give real duty a "
                    "daemon.state_directory of its own",
                    path);
    if (!bookmarks.empty())
        return fail(ErrorCode::config,
                    "store {}: it holds real alerts, and daemon.exercise is set; give the exercise "
                    "a daemon.state_directory of its own",
                    path);
    AlertBatch batch;
    batch.bookmarks[kBookmark] = kExercise;
    return store.commit(batch);
}

}  // namespace kentongan
