// A second person for what is changed at run time while the calendar asks for one: rules, routing,
// assets, budgets and phases, so that nobody alone takes a rule or an agency out.
#include "daemon/app/change_control.hpp"

#include "daemon/app/application.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/pipeline/history_settings.hpp"

namespace kentongan {

std::string digest_of_control(const Config& config) {
    Config part;
    part.rules = config.rules;
    part.asset = config.asset;
    part.budget = config.budget;
    part.phase = config.phase;
    return sha256_hex(show(LoadedConfig{.config = part, .origins = {}}, false) +
                      rules_digest(config.rules).sha256);
}

/// `change` is the digest of what is to be in force. An error says whose yes it waits for.
Task<Result<>> Application::second_person(std::string change) {
    if (change == in_force_ || change == permitted_ || !casework_ ||
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
