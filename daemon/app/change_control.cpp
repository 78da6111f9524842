// A second person for what is changed at run time while the calendar asks for one: rules, routing,
// assets, budgets and phases, so that nobody alone takes a rule or an agency out.
#include "daemon/app/change_control.hpp"

#include "daemon/app/application.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/pipeline/history_settings.hpp"

namespace kentongan {

namespace {
constexpr std::size_t kChanges = 10;
}

Digests digests_of(const Config& config) {
    Config part;
    part.rules = config.rules;
    part.asset = config.asset;
    part.budget = config.budget;
    part.phase = config.phase;
    const auto text_of = [](const Config& settings) {
        return show(LoadedConfig{.config = settings, .origins = {}}, false);
    };
    std::string people;
    for (const std::string& file : {config.api.token_file, config.api.accounts_file})
        if (!file.empty()) people += sha256_hex(read_file(file).value_or(""));
    Digests out;
    out.rules = rules_digest(config.rules).sha256;
    out.control = sha256_hex(text_of(part) + out.rules);
    out.settings = sha256_hex(text_of(config));
    out.people = sha256_hex(people);
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
    if (change == in_force_.control || change == permitted_ || !casework_ ||
        !context_->calendar.two_person(clock_.now()))
        co_return Result<>{};
    const auto ask = [this, &change]() -> Result<std::string> {
        return casework_->ask_change("settings:" + change,
                                     "a reload brings other rules, routing, assets, budgets or "
                                     "phases than those in force");
    };
    const auto asked = co_await run_on(store_thread_.executor(), ask);
    if (!asked) co_return std::unexpected(asked.error());
    co_return fail(ErrorCode::permission,
                   "it changes rules, routing, assets, budgets or phases, which takes a second "
                   "person now: kentongan approvals confirm {}",
                   *asked);
}

/// A second person said yes: what they saw is loaded, or nothing when it is another by now.
void Application::permit(const std::string& object) {
    permitted_ = object.substr(object.find(':') + 1);
    services_.spawn("reload", reload());
}

}  // namespace kentongan
