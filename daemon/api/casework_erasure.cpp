// Erasure: on legal ground, what identifies people in an alert or a case is destroyed, and the
// salts with it, so that the history's hashes about it say nothing for ever.
#include <algorithm>
#include <boost/json.hpp>
#include <ranges>

#include "daemon/alert/personal.hpp"
#include "daemon/api/casework.hpp"
#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/seals.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostAlerts = 1000;  // of a case
constexpr const char* kErased = "[erased]";

/// That something of this rule and severity was there, when, and who was told.
Alert what_is_left(const Alert& alert) {
    Alert out;
    out.id = alert.id;
    out.rule = alert.rule;
    out.message = kErased;
    out.severity = alert.severity;
    out.tlp = alert.tlp;
    out.count = alert.count;
    out.first_seen = alert.first_seen;
    out.last_seen = alert.last_seen;
    out.created = alert.created;
    out.agencies = alert.agencies;
    out.hostname = alert.hostname;
    out.exercise = alert.exercise;
    out.suppressed = alert.suppressed;
    return out;
}

std::string id_in_object(const std::string& object) { return object.substr(object.find(':') + 1); }

}  // namespace

/// What the newest entry about it says that is of its content.
Answer<bool> Casework::is_open(const std::string& alert) {
    const auto indexes = history_.entries_about(alert);
    if (!indexes) return refuse(indexes.error());
    for (const std::uint64_t index : *indexes | std::views::reverse) {
        const auto entry = history_.entries(index, 1);
        if (!entry) return refuse(entry.error());
        if (entry->empty() || !entry->front().contains(R"("kind":"alert)")) continue;
        return !entry->front().contains(R"("event":"closed")");
    }
    return false;
}

Answer<Done> Casework::erase(const Asker& asker, const json::object& body) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        const auto object = text_member(body, "object", 128, true);
        const auto ground = text_member(body, "ground", 120, true);
        for (const auto* text : {&object, &ground})
            if (!*text) return std::unexpected(text->error());
        if (!object->starts_with("alert:") && !object->starts_with("case:"))
            return refuse(400, "object: expected alert:ID or case:ID");
        if (without_personal(*ground, {}) != *ground)
            return refuse(400,
                          "ground stays in the history for ever: name the law or the order, "
                          "and nobody");
        // So that what cannot be done is not asked of a second person.
        TriageChange trial;
        auto possible = erase_in(trial, asker, *object, *ground);
        if (!possible) return possible;
        if (needs_second())
            return ask_second(
                change, asker,
                {.action = "erase", .object = *object, .why = *ground, .request = "{}"});
        change = std::move(trial);
        return possible;
    });
}

Answer<Done> Casework::erase_in(TriageChange& change, const Asker& asker, const std::string& object,
                                const std::string& ground) {
    const std::string id = id_in_object(object);
    return object.starts_with("case:") ? erase_case(change, asker, id, ground)
                                       : erase_alert(change, asker, id, ground);
}

/// A new salt seals what is left.
void Casework::begin_erasure(TriageChange& change, const std::string& object,
                             const std::string& ground, std::optional<Alert> left) {
    change.salts.push_back({object, ledger::new_salt()});
    if (left) change.about.push_back({change.entries.size(), left->id});
    change.entries.push_back(ledger::erasure_entry(object, ground, clock_.now()));
    if (left) {
        change.about.push_back({change.entries.size(), left->id});
        change.entries.push_back(ledger::alert_entry(
            *left, json::serialize(kentongan::to_json(*left)), ledger::AlertEvent::closed,
            change.salts.back().salt, clock_.now()));
    }
    change.erasures.push_back({object, std::move(left)});
}

Answer<Done> Casework::erase_alert(TriageChange& change, const Asker& asker, const std::string& id,
                                   const std::string& ground) {
    const auto stored = alerts_.get(id);
    if (!stored) return refuse(stored.error());
    auto known = place(id);
    if (!known) return std::unexpected(known.error());
    if (!*stored || !*known) return refuse(404, "no alert has the id " + id);
    const auto open = is_open(id);
    if (!open) return std::unexpected(open.error());
    if (*open)
        return refuse(409, fmt::format("more may still be merged into alert {}: erase it when it "
                                       "has been quiet for the merge window",
                                       id));
    const auto alert = alert_from_json(json::parse((*stored)->json));
    if (!alert) return refuse(alert.error());
    const std::string object = "alert:" + id;
    begin_erasure(change, object, ground, what_is_left(*alert));
    Place after = std::move(**known);
    ++after.revision;
    note(change,
         {.object = object,
          .at = clock_.now(),
          .who = asker.name,
          .action = "erase",
          .from = after.state,
          .to = after.state,
          .why = ground},
         after.revision, after.state,
         ledger::alert_place(after.reason, after.assignee, after.case_id));
    change.places.push_back(std::move(after));
    auto rest = erase_approvals(change, asker, object, ground);
    if (!rest) return rest;
    Done done;
    done.body = {{"object", object}, {"alerts", 1}, {"pending", false}};
    return done;
}

Answer<Done> Casework::erase_case(TriageChange& change, const Asker& asker, const std::string& id,
                                  const std::string& ground) {
    auto record = triage_.find_case(id);
    if (!record) return refuse(record.error());
    if (!*record) return refuse(404, "no case has the id " + id);
    if (!(*record)->closed) return refuse(409, fmt::format("case {} is open: close it first", id));
    const auto places = triage_.places_of_case(id, kMostAlerts);
    if (!places) return refuse(places.error());
    for (const Place& each : *places)
        if (auto gone = erase_alert(change, asker, each.alert, ground); !gone) return gone;
    CaseRecord left = std::move(**record);
    left.title = kErased;
    left.description = left.impact = left.summary = "";
    ++left.revision;
    const std::string object = "case:" + id;
    begin_erasure(change, object, ground, std::nullopt);
    note(change,
         {.object = object,
          .at = clock_.now(),
          .who = asker.name,
          .action = "erase",
          .from = "closed",
          .to = "closed",
          .why = ground},
         left.revision, "closed", json::serialize(kentongan::to_json(left)));
    change.cases.push_back(std::move(left));
    Done done;
    done.body = {{"object", object}, {"alerts", places->size()}, {"pending", false}};
    return done;
}

/// What was asked of a second person about it says why, and what was to be done.
Answer<Done> Casework::erase_approvals(TriageChange& change, const Asker& asker,
                                       const std::string& object, const std::string& ground) {
    auto list = triage_.approvals_about(object);
    if (!list) return refuse(list.error());
    for (Approval& approval : *list) {
        if (approval.action == "erase") continue;
        approval.why = approval.decided_why = "";
        approval.request = "{}";
        if (approval.state == "pending") {
            approval.state = "refused";
            approval.decided_by = asker.name;
            approval.decided = clock_.now();
        }
        const std::string subject = "approval:" + approval.id;
        begin_erasure(change, subject, ground, std::nullopt);
        note(change,
             {.object = subject,
              .at = clock_.now(),
              .who = asker.name,
              .action = "erase",
              .to = approval.state,
              .why = ground},
             0, approval.state, json::serialize(kentongan::to_json(approval)));
        change.approvals.push_back(std::move(approval));
    }
    return Done{};
}

}  // namespace kentongan::api
