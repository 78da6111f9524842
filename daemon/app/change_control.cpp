// Two persons for what changes while the calendar asks for them: settings, rules, and who may act,
// by a reload or over a restart, so that nobody alone takes a rule or an agency out.
#include "daemon/app/change_control.hpp"

#include "daemon/alert/desk_rules.hpp"
#include "daemon/app/application.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/base/text.hpp"
#include "daemon/pipeline/history_settings.hpp"

namespace kentongan {

namespace {
constexpr std::size_t kChanges = 10;
constexpr const char* kControl = "control";  // a bookmark
constexpr std::chrono::seconds kAskAgain{10};
}  // namespace

std::string kept_text(const std::string& control, const Calendar& calendar) {
    std::string out = control + "\n";
    for (const Phase& phase : calendar.phases())
        out += fmt::format("{} {} {}\n", to_nanoseconds(phase.begins), to_nanoseconds(phase.ends),
                           phase.two_person ? 2 : 1);
    return out;
}

KeptControl kept_control(std::string_view text) {
    KeptControl out{.control = std::string(take_until(text, '\n')), .windows = {}};
    std::vector<Phase> phases;
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        const auto time = [&line] {
            return from_nanoseconds(parse_number<std::int64_t>(take_until(line, ' ')).value_or(0));
        };
        Phase phase;
        phase.begins = time();
        phase.ends = time();
        phase.two_person = line == "2";
        phases.push_back(std::move(phase));
    }
    out.windows = Calendar{std::move(phases)};
    return out;
}

Digests digests_of(const Config& config) {
    std::string people;
    for (const std::string& file : {config.api.token_file, config.api.accounts_file})
        if (!file.empty()) people += sha256_hex(read_file(file).value_or(""));
    Digests out;
    out.rules = rules_digest(config.rules).sha256;
    out.settings = sha256_hex(show(LoadedConfig{.config = config, .origins = {}}, false));
    out.people = sha256_hex(people);
    out.control = sha256_hex(out.rules + out.settings + out.people);
    return out;
}

std::vector<std::string> changed(const Digests& before, const Digests& after) {
    std::vector<std::string> out;
    if (before.rules != after.rules) out.emplace_back("rules");
    if (before.settings != after.settings) out.emplace_back("settings");
    if (before.people != after.people) out.emplace_back("people");
    return out;
}

void Application::note_change(Change change) {
    changes_.push_front(std::move(change));
    if (changes_.size() > kChanges) changes_.pop_back();
}

/// `change` is the digest of what is to be in force. An error says whose yes it waits for.
Task<Result<>> Application::second_person(std::string change) {
    const bool window = unconfirmed_ || context_->calendar.two_person(clock_.now());
    if (change == in_force_.control || change == permitted_ || !casework_ || !window)
        co_return Result<>{};
    const auto ask = [this, &change]() -> Result<std::string> {
        return casework_->ask_change("settings:" + change,
                                     "a reload brings other settings, rules, tokens or accounts "
                                     "than those in force");
    };
    const auto asked = co_await run_on(store_thread_.executor(), ask);
    if (!asked) co_return std::unexpected(asked.error());
    co_return fail(ErrorCode::permission,
                   "it changes settings, rules, tokens or accounts, which takes a second person "
                   "now, and another one: kentongan approvals confirm {}",
                   *asked);
}

/// Two persons said yes: what they saw is loaded, or nothing when it is another by now.
void Application::permit(const std::string& object) {
    const std::string change = object.substr(object.find(':') + 1);
    if (unconfirmed_ && change == started_with_) return confirm_start();
    permitted_ = change;
    services_.spawn("reload", reload());
}

/// From now on a start with these needs nobody's yes.
void Application::keep_control(const std::string& control) {
    AlertBatch batch;
    batch.bookmarks[kControl] = kept_text(control, context_->calendar);
    asio::post(store_thread_.executor(), [this, batch = std::move(batch)] {
        if (const auto kept = store_->commit(batch); !kept)
            logging::error("cannot note which settings are in force",
                           {{"reason", kept.error().message}});
    });
}

/// Settings, rules and people of this start against those of the last. Others than those while two
/// persons are asked for: it runs, for an election is watched, and says so until they agree.
void Application::compare_control() {
    started_with_ = in_force_.control;
    const auto found = bookmarks_.find(kControl);
    const auto kept = kept_control(found == bookmarks_.end() ? "" : found->second);
    const Timestamp now = clock_.now();
    const bool window = kept.windows.two_person(now) || context_->calendar.two_person(now);
    if (!window || kept.control.empty() || kept.control == started_with_)
        return keep_control(started_with_);
    unconfirmed_ = true;
    note_change({now, {"start", "settings"}, false, "nobody has confirmed them yet"});
    desk_->report(restart_notice(now, desk_options(config_).hostname));
}

/// Asks again when nobody has answered in time.
Task<> Application::ask_for_start() {
    const auto ask = [this] {
        return casework_->ask_change("settings:" + started_with_,
                                     "it was started with other settings, rules, tokens or "
                                     "accounts than before");
    };
    while (unconfirmed_) {
        const auto asked = co_await run_on(store_thread_.executor(), ask);
        const std::string before = std::exchange(start_approval_, asked.value_or(""));
        if (!asked)
            logging::error("cannot ask for a yes to the settings of this start",
                           {{"reason", asked.error().message}});
        else if (before != *asked)
            logging::warning(
                "started with other settings, rules, tokens or accounts than before, which takes "
                "two persons now",
                {{"confirm", "kentongan approvals confirm " + *asked}});
        co_await sleep_for(kAskAgain);
    }
}

void Application::confirm_start() {
    unconfirmed_ = false;
    keep_control(started_with_);
    note_change({clock_.now(), {"start", "settings"}, true, {}});
    logging::info("two persons have confirmed the settings of this start");
}

}  // namespace kentongan
