// Sharing one alert with one agency, after a person has looked at it: results with the police after
// a review, for one.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/api/casework.hpp"
#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/seals.hpp"

namespace kentongan::api {

namespace json = boost::json;

Answer<Done> Casework::share(const Asker& asker, const std::string& alert,
                             const json::object& body) {
    return once(asker,
                [&](TriageChange& change) { return share_in(change, asker, alert, body, false); });
}

/// With the entry that seals them.
Answer<SharedAlert> Casework::messages_for(TriageChange& change, const std::string& alert,
                                           const std::string& agency, bool again) {
    if (!options_.share) return refuse(409, "nothing is delivered from here");
    const auto stored = alerts_.get(alert);
    if (!stored) return refuse(stored.error());
    if (!*stored) return refuse(404, "no alert has the id " + alert);
    boost::system::error_code bad;
    const auto parsed = json::parse((*stored)->json, bad);
    const auto read =
        bad ? Result<Alert>{fail(ErrorCode::data, "no JSON")} : alert_from_json(parsed);
    if (!read) return refuse(500, "the alert cannot be read: " + read.error().message);
    auto messages = options_.share(*read, agency, again);
    if (!messages) return refuse(409, messages.error().message);
    std::vector<ledger::Told> told;
    for (const auto& [destination, type, text, lane] : *messages)
        told.push_back({destination, type, text});
    change.about.push_back({change.entries.size(), alert});
    change.entries.push_back(
        ledger::alert_entry(*read, (*stored)->json, ledger::AlertEvent::updated,
                            salt_of(change, "alert:" + alert), clock_.now(), told));
    return SharedAlert{alert, std::move(*messages)};
}

Answer<Done> Casework::share_in(TriageChange& change, const Asker& asker, const std::string& alert,
                                const json::object& body, bool confirmed) {
    const auto agency = text_member(body, "agency", 64, true);
    const auto why = text_member(body, "why", 4000, true);
    const auto text = text_member(body, "text");
    for (const auto* member : {&agency, &why, &text})
        if (!*member) return std::unexpected(member->error());
    auto now = place_for(asker, alert);
    if (!now) return std::unexpected(now.error());
    const std::string with = fmt::format("with {}: ", *agency);
    const auto acts = triage_.actions("alert:" + alert, kMostActions);
    if (!acts) return refuse(acts.error());
    const bool again = std::ranges::any_of(*acts, [&](const ActionRow& act) {
        return act.action == "share" && act.why.starts_with(with);
    });
    TriageChange sent;
    auto shared = messages_for(sent, alert, *agency, again);
    if (!shared) return std::unexpected(shared.error());
    if (!confirmed && needs_second())
        return ask_second(
            change, asker,
            {.action = "share",
             .object = "alert:" + alert,
             .why = with + *why,
             .request = json::serialize(json::object{{"alert", alert},
                                                     {"agency", *agency},
                                                     {"why", *why},
                                                     {"state", now->state},
                                                     {"severity", name_of(now->severity)}})});
    change.salts = std::move(sent.salts);
    change.about = std::move(sent.about);
    change.entries = std::move(sent.entries);
    ++now->revision;
    note(change,
         {.object = "alert:" + alert,
          .at = clock_.now(),
          .who = asker.name,
          .action = "share",
          .from = now->state,
          .to = now->state,
          .why = with + *why,
          .comment = *text},
         now->revision, now->state, ledger::alert_place(now->reason, now->assignee, now->case_id));
    Done done{.revision = now->revision};
    json::array destinations;
    for (const NewDelivery& message : shared->messages)
        destinations.emplace_back(message.destination);
    done.body = {
        {"pending", false}, {"agency", *agency}, {"destinations", std::move(destinations)}};
    change.places.push_back(std::move(*now));
    change.shared.push_back(std::move(*shared));
    return done;
}

}  // namespace kentongan::api
