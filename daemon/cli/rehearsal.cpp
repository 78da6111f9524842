#include "daemon/cli/rehearsal.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <cstdlib>

#include "daemon/api/views.hpp"
#include "daemon/async/loop_thread.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/drill/free_ports.hpp"

namespace kentongan::cli {

namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds kStartUp{4};  // the night begins so long after the daemon was started
constexpr int kPatience = 300;  // looks, at 200 ms
constexpr int kDrainSeconds = 20;

fs::path program_folder() {
    std::error_code failed;
    return fs::read_symlink("/proc/self/exe", failed).parent_path();
}

/// The rules of the working tree when this program was built in it, else the installed ones.
Result<fs::path> find_rules(const fs::path& given) {
    std::error_code failed;
    for (const fs::path& folder : {given, fs::path("rules"), program_folder() / "../../rules",
                                   fs::path("/usr/share/kentongan/rules")})
        if (!folder.empty() && fs::is_directory(folder / "sigma", failed))
            return fs::canonical(folder, failed);
    return fail(ErrorCode::no_input, "no folder of rules{}; name it with --rules",
                given.empty() ? "" : fmt::format(" in {}", given.native()));
}

}  // namespace

Rehearsal::Rehearsal(RehearsalSettings settings)
    : settings_(std::move(settings)), keeps_(!settings_.folder.empty()), jakarta_(settings_.seed) {
    if (!settings_.whole_night) night_ = drill::part_for(settings_.scenarios);
    night_.seed = settings_.seed;
    night_.scale = settings_.scale;
}

Result<drill::Score> Rehearsal::run() {
    if (auto prepared = prepare(); !prepared) return std::unexpected(prepared.error());
    Result<> held;
    std::exception_ptr broken;
    asio::co_spawn(loop_, hold(), [&](std::exception_ptr e, Result<> result) {
        broken = e;
        held = std::move(result);
        loop_.stop();
    });
    asio::signal_set signals{loop_, SIGTERM, SIGINT};
    signals.async_wait([&](boost::system::error_code failed, int) {
        if (failed) return;
        held = fail(ErrorCode::unavailable, "the drill was interrupted");
        loop_.stop();
    });
    loop_.run();
    const auto ended = end();
    if (broken) std::rethrow_exception(broken);
    if (!held) return std::unexpected(held.error());
    if (!ended) return std::unexpected(ended.error());
    auto score = drill::score_of(settings_.scenarios, alerts_, generate::close_of_polls(), true);
    if (score.passed() && !keeps_) {
        std::error_code ignored;
        fs::remove_all(settings_.folder, ignored);
    } else {
        fmt::print(stderr, "\rthe stage is kept in {}\n", settings_.folder.native());
    }
    return score;
}

Result<> Rehearsal::prepare() {
    auto rules = find_rules(settings_.rules);
    if (!rules) return std::unexpected(rules.error());
    if (!keeps_)
        settings_.folder =
            fs::temp_directory_path() /
            fmt::format("kentongan-drill-{}", to_hex(as_bytes(drill::random_bytes(4))));
    std::error_code failed;
    settings_.folder = fs::absolute(settings_.folder, failed);
    if (fs::exists(settings_.folder / "kentongan.toml", failed))
        return fail(ErrorCode::usage, "--keep {}: a drill was held there; name a new folder",
                    settings_.folder.native());
    stage_.folder = settings_.folder;
    stage_.rules = std::move(*rules);
    stage_.began = system_clock().now() + kStartUp;
    stage_.time = generate::close_of_polls() + night_.begin;
    stage_.speed = settings_.speed;
    const auto ports = drill::free_ports(loop_, 2);
    stage_.api_port = ports[0];
    stage_.report_port = ports[1];
    stage_.token = "latihan-" + to_hex(as_bytes(drill::random_bytes(20)));
    clock_.emplace(stage_.began, stage_.time, stage_.speed);
    desk_.emplace(loop_.get_executor(), *clock_);
    stage_.agencies = desk_->agencies();
    if (auto built = drill::build_stage(stage_, jakarta_); !built) return built;
    api_.emplace(fmt::format("127.0.0.1:{}", stage_.api_port), stage_.token);
    auto daemon = Child::start({(program_folder() / "kentongand").native(), "--config",
                                (stage_.folder / "kentongan.toml").native()},
                               stage_.folder / "kentongand.log");
    if (!daemon) return std::unexpected(daemon.error());
    daemon_.emplace(std::move(*daemon));
    return {};
}

Task<Result<>> Rehearsal::hold() {
    auto actions = drill::night_with(settings_.scenarios, jakarta_, night_);
    if (auto ready = co_await wait_until_ready(); !ready) co_return ready;
    drill::Director director{stage_.folder, stage_.report_port, *clock_};
    TaskGroup scoring{loop_.get_executor()};
    scoring.spawn("score", keep_score());
    const auto outcome = co_await play(director, std::move(actions));
    scoring.cancel();
    (void)co_await scoring.join();
    if (!outcome) co_return outcome;
    if (auto fetched = co_await fetch_alerts(); !fetched) co_return fetched;
    co_return write_score(false);
}

Task<Result<>> Rehearsal::play(drill::Director& director, std::vector<drill::Action> actions) {
    if (auto played = co_await director.play(std::move(actions), settings_.progress); !played)
        co_return played;
    co_return co_await wait_until_delivered();
}

/// Every two seconds, for the page that shows how the drill goes.
Task<> Rehearsal::keep_score() {
    for (;;) {
        if (co_await fetch_alerts()) (void)write_score(true);
        co_await sleep_for(seconds{2});
    }
}

Result<> Rehearsal::write_score(bool running) const {
    const auto close = generate::close_of_polls();
    const auto score = drill::score_of(settings_.scenarios, alerts_, close, true);
    return replace_file(stage_.folder / "state" / api::kDrillScore,
                        json::serialize(drill::to_json(score, close, clock_->now(), running)));
}

Task<Result<json::value>> Rehearsal::ask(std::string target) {
    LoopThread thread{"ask"};
    auto work = [&api = *api_, target = std::move(target)] { return api.get(target); };
    co_return co_await run_on(thread.executor(), work);
}

Task<Result<>> Rehearsal::wait_until_ready() {
    for (int i = 0; i < kPatience; ++i) {
        if (!daemon_->running())
            co_return fail(ErrorCode::unavailable, "kentongand did not start: {}",
                           trim(read_file(stage_.folder / "kentongand.log").value_or("no output")));
        const auto status = co_await ask("/api/v1/status");
        if (status && status->at("ready").as_bool()) co_return Result<>{};
        co_await sleep_for(milliseconds{200});
    }
    co_return fail(ErrorCode::unavailable, "kentongand is not ready after a minute; see {}",
                   (stage_.folder / "kentongand.log").native());
}

/// What the last lines caused is told, too: windows that close, messages under way.
Task<Result<>> Rehearsal::wait_until_delivered() {
    co_await sleep_for(seconds{5});
    for (int i = 0; i < kPatience; ++i) {
        const auto answer = co_await ask("/api/v1/deliveries");
        if (!answer) co_return std::unexpected(answer.error());
        std::int64_t pending = 0;
        for (const auto& item : answer->at("deliveries").as_array())
            pending += item.at("pending").to_number<std::int64_t>();
        if (pending == 0) co_return Result<>{};
        co_await sleep_for(milliseconds{200});
    }
    co_return Result<>{};  // the score says who was not told
}

Task<Result<>> Rehearsal::fetch_alerts() {
    std::vector<drill::SeenAlert> alerts;
    std::string cursor;
    do {
        std::string target = "/api/v1/alerts?limit=1000&order=oldest";
        if (!cursor.empty()) add_parameter(target, "cursor", cursor);
        const auto page = co_await ask(target);
        if (!page) co_return std::unexpected(page.error());
        for (const auto& item : page->at("alerts").as_array()) {
            auto alert = drill::SeenAlert::of(item);
            if (!alert) co_return std::unexpected(alert.error());
            if (const auto told = desk_->told().find(alert->id); told != desk_->told().end())
                alert->told = told->second;
            alerts.push_back(std::move(*alert));
        }
        const auto* next = page->as_object().if_contains("next_cursor");
        cursor = next == nullptr || !next->is_string() ? "" : std::string(next->get_string());
    } while (!cursor.empty());
    alerts_ = std::move(alerts);
    co_return Result<>{};
}

Result<> Rehearsal::end() {
    if (!daemon_) return {};
    const auto status = daemon_->end(kDrainSeconds);
    if (status == 0) return {};
    return fail(ErrorCode::internal, "kentongand ended with {}; see {}",
                status ? std::to_string(*status) : "a kill",
                (stage_.folder / "kentongand.log").native());
}

}  // namespace kentongan::cli
