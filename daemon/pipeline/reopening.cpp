#include "daemon/pipeline/reopening.hpp"

#include <fmt/format.h>

#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/seals.hpp"

namespace kentongan {

namespace {

Result<std::string> salt_of(const std::string& object, EntryLog& history, TriageChange& change) {
    auto known = history.salts(object);
    if (!known) return std::unexpected(known.error());
    if (!known->empty()) return std::move(known->front());
    change.salts.push_back({object, ledger::new_salt()});
    return change.salts.back().salt;
}

Result<> add_act(const Place& before, const Place& after, Severity severity, EntryLog& history,
                 Timestamp now, TriageChange& change) {
    const ActionRow row{.object = "alert:" + after.alert,
                        .at = now,
                        .who = "kentongan",
                        .action = std::string(name_of(TriageVerb::reopen)),
                        .from = before.state,
                        .to = after.state,
                        .why = fmt::format("severity rose from {} to {}", name_of(before.severity),
                                           name_of(severity))};
    const auto salt = salt_of(row.object, history, change);
    if (!salt) return std::unexpected(salt.error());
    const ledger::Act act{
        .who = row.who,
        .what = row.action,
        .object = row.object,
        .why = row.why + "\n" + row.comment,
        .revision = static_cast<std::uint64_t>(after.revision),
        .state = after.state,
        .detail_hash = ledger::salted_hash(
            *salt, ledger::alert_place(after.reason, after.assignee, after.case_id))};
    change.about.push_back({change.entries.size(), after.alert});
    change.entries.push_back(ledger::action_entry(act, *salt, now));
    change.actions.push_back(row);
    return {};
}

}  // namespace

Result<> reopen(const std::vector<Risen>& risen, TriageStore& triage, EntryLog& history,
                Timestamp now) {
    TriageChange change;
    for (const auto& [alert, severity] : risen) {
        const auto place = triage.place(alert);
        if (!place) return std::unexpected(place.error());
        if (!*place || (*place)->state != "closed" || (*place)->severity >= severity) continue;
        const auto after = advance(**place, {.verb = TriageVerb::reopen});
        if (!after) return std::unexpected(after.error());
        if (auto added = add_act(**place, *after, severity, history, now, change); !added)
            return added;
        change.places.push_back(*after);
    }
    if (change.places.empty()) return {};
    return triage.change(change);
}

}  // namespace kentongan
