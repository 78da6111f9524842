// The Application's part in triage: who may decide alone, and what silences the desk.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/alert/redact.hpp"
#include "daemon/app/application.hpp"

namespace kentongan {

Result<> Application::open_casework() {
    const TriageSettings& settings = config_.triage;
    api::Casework::Options options;
    options.longest_suppression = std::chrono::hours{settings.suppression_hours};
    options.approval_life = std::chrono::minutes{settings.approval_minutes};
    options.reporter = {.organisation = settings.organisation,
                        .name = settings.contact_name,
                        .position = settings.contact_position,
                        .email = settings.contact_email,
                        .phone = settings.contact_phone};
    options.two_person = [this](Timestamp from, Timestamp until) {
        const auto context = shared_context_.load();
        return unconfirmed_ || (context && context->calendar.two_person(from, until));
    };
    // The desk lives on the loop, this is the store's thread.
    options.suppress_by = [this](std::shared_ptr<const Suppressions> all) {
        asio::post(loop_, [this, all = std::move(all)] { desk_->suppress_by(all); });
    };
    for (const auto& [name, table] : config_.delivery)
        if (table.enabled) options.destinations.push_back(name);
    options.pause_by = [this](std::map<std::string, std::string> paused) {
        asio::post(loop_, [this, paused = std::move(paused)] { agencies_->pause(paused); });
    };
    options.permit = [this](std::string object) {
        asio::post(loop_, [this, object = std::move(object)] { permit(object); });
    };
    options.share = [this](const Alert& alert, const std::string& agency, bool again) {
        return messages_for(alert, agency, again);
    };
    options.queued = [this] { asio::post(loop_, [this] { agencies_->notify(); }); };
    options.told_to_bssn = [this](const Alert& alert) -> std::optional<boost::json::object> {
        const auto routing = shared_routing_.load();
        if (!routing) return std::nullopt;
        for (const Route& route : routing->route(alert))
            if (route.agency == "bssn") return redacted(alert, route);
        return std::nullopt;
    };
    triage_ = std::make_unique<SqliteTriage>(*store_);
    desk_->reopen_in(*triage_, *store_);
    casework_ = std::make_unique<api::Casework>(*store_, *store_, *triage_, *store_, clock_,
                                                std::move(options));
    if (auto told = casework_->announce_paused(); !told) return told;
    compare_control();
    return casework_->announce_suppressions();
}

/// What an agency gets of an alert that a person shares with it. On the store's thread.
Result<std::vector<NewDelivery>> Application::messages_for(const Alert& alert,
                                                           const std::string& agency,
                                                           bool again) const {
    const auto routing = shared_routing_.load();
    const Route* route = routing->share(alert, agency);
    if (route == nullptr)
        return fail(ErrorCode::usage, "the routing lets no alert of class {} out to {}",
                    alert.rule->rule_class, agency);
    const bool told = again || std::ranges::find(alert.agencies, agency) != alert.agencies.end();
    auto out = destinations_->messages(alert, *route, told ? "alert.updated" : "alert.created");
    if (out.empty())
        return fail(ErrorCode::usage, "no destination of {} takes an alert like this one", agency);
    return out;
}

}  // namespace kentongan
