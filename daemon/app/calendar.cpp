// The election's phases in the Application: which one is now, and what is told of a change while
// changes are frozen.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "daemon/alert/desk_rules.hpp"
#include "daemon/app/application.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/base/text.hpp"
#include "daemon/ledger/entry.hpp"

namespace kentongan {

/// Whichever calendar freezes changes, the one before or the present one, tells of it: a freeze
/// cannot be lifted in silence.
void Application::tell_of_change(const DeskContext& before, std::string_view what) {
    const Timestamp now = clock_.now();
    for (const DeskContext* one : {&before, context_.get()})
        if (const Phase* phase = one->calendar.at(now); phase != nullptr && phase->change_freeze)
            return desk_->report(freeze_notice(*phase, now, "settings and rules of this sensor",
                                               what, Severity::high, "sensor"));
}

void Application::take_calendar(const Config& config) {
    const auto before = std::exchange(context_, desk_context(config));
    shared_context_.store(context_);
    tell_of_change(*before, "its settings and rules were loaded anew");
    desk_->judge_by(context_);
    show_phase();
}

namespace {

/// "BEGINS ENDS NAME\n" (nanoseconds) for each phase that freezes changes.
std::string freezes_of(const Calendar& calendar) {
    std::string out;
    for (const Phase& phase : calendar.phases())
        if (phase.change_freeze)
            out += fmt::format("{} {} {}\n", to_nanoseconds(phase.begins),
                               to_nanoseconds(phase.ends), phase.name);
    return out;
}

DeskContext context_with_freezes(std::string_view lines) {
    std::vector<Phase> phases;
    while (!lines.empty()) {
        std::string_view line = take_until(lines, '\n');
        Phase phase;
        phase.begins =
            from_nanoseconds(parse_number<std::int64_t>(take_until(line, ' ')).value_or(0));
        phase.ends =
            from_nanoseconds(parse_number<std::int64_t>(take_until(line, ' ')).value_or(0));
        phase.name = line;
        phase.change_freeze = true;
        phases.push_back(std::move(phase));
    }
    return {.assets = {}, .calendar = Calendar{std::move(phases)}, .budgets = {}};
}

}  // namespace

/// Settings and the list of rules of this start against those of the last, whose freezes are kept
/// with their digest: to start without the calendar does not lift one.
Result<> Application::compare_settings() {
    constexpr auto kBookmark = "settings";
    std::string text = show(LoadedConfig{.config = config_, .origins = {}}, false);
    for (const RuleStatus& rule : rules_.statuses)
        text += fmt::format("{} {} {}\n", rule.file, rule.rule, name_of(rule.state));
    const std::string state = sha256_hex(text) + "\n" + freezes_of(context_->calendar);
    const auto kept = bookmarks_.find(kBookmark);
    if (kept != bookmarks_.end() && kept->second == state) return {};
    if (kept != bookmarks_.end()) {
        std::string_view before = kept->second;
        (void)take_until(before, '\n');
        tell_of_change(context_with_freezes(before),
                       "it was started with other settings or rules than before");
    }
    AlertBatch batch;
    batch.bookmarks[kBookmark] = state;
    return store_->commit(batch);
}

/// Which thresholds a phase brings: the log says them, the history holds the hash of all settings.
void Application::note_phase(const Phase& phase) {
    const auto& thresholds = config_.phase.at(phase.name).thresholds;
    for (const auto& [name, value] : thresholds)
        logging::info("a threshold of the phase",
                      {{"phase", phase.name}, {"name", name}, {"value", value}});
    if (!history_) return;
    const Config then = in_phase(config_, config_.phase.at(phase.name));
    const std::string entry =
        ledger::setting_entry({.name = "phase:" + phase.name,
                               .sha256 = sha256_hex(show({.config = then, .origins = {}}, false)),
                               .items = thresholds.size()},
                              KENTONGAN_VERSION, clock_.now());
    asio::post(store_thread_.executor(), [this, entry] {
        if (const auto stored = store_->append({entry}); !stored)
            logging::error("cannot note the phase in the history",
                           {{"reason", stored.error().message}});
    });
}

void Application::show_phase() {
    const Phase* now = context_->calendar.at(clock_.now());
    const std::string name = now == nullptr ? "" : now->name;
    if (name == phase_) return;
    if (!phase_.empty()) metrics_.election_phase.with({phase_}).set(0);
    if (now != nullptr) {
        metrics_.election_phase.with({name}).set(1);
        note_phase(*now);
    }
    logging::info("the election's phase is another", {{"before", phase_}, {"now", name}});
    phase_ = name;
}

}  // namespace kentongan
