// What SqliteTriage writes.
#include "daemon/store/sqlite/sqlite_triage.hpp"

#include <boost/json.hpp>

#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan {

Result<> SqliteTriage::change(const TriageChange& change) {
    if (change.erasures.empty()) return database_.transaction([&] { return write(change); });
    return alerts_.erasing([&] { return write(change); });
}

Result<> SqliteTriage::write(const TriageChange& change) {
    for (const Erasure& erasure : change.erasures)
        if (auto gone = erase(erasure); !gone) return gone;
    for (const Place& place : change.places)
        if (auto put = write_place(place); !put) return put;
    for (const CaseRecord& record : change.cases)
        if (auto put = write_case(record); !put) return put;
    for (const Suppression& suppression : change.suppressions)
        if (auto put = write_suppression(suppression); !put) return put;
    for (const Approval& approval : change.approvals)
        if (auto put = write_approval(approval); !put) return put;
    for (const SharedAlert& one : change.shared)
        if (auto put = alerts_.queue(one.alert, one.messages); !put) return put;
    for (const ActionRow& action : change.actions)
        if (auto put = write_action(action); !put) return put;
    if (change.answer)
        if (auto kept = keep(*change.answer); !kept) return kept;
    if (auto kept = keep_salts(database_, change.salts); !kept) return kept;
    return append_entries(database_, change.entries, change.about);
}

Result<> SqliteTriage::write_place(const Place& place) {
    auto put = database_.run(
        "UPDATE alerts SET state = ?, reason = ?, assignee = ?, case_id = ?, revision = ? "
        "WHERE id = ? AND revision = ? - 1",
        place.state, place.reason, place.assignee, place.case_id, place.revision, place.alert,
        place.revision);
    if (put && database_.changes() != 1)
        return fail(ErrorCode::temporary, "alert {} was changed meanwhile", place.alert);
    return put;
}

Result<> SqliteTriage::write_case(const CaseRecord& record) {
    const std::string text = boost::json::serialize(to_json(record));
    const int open = record.closed ? 0 : 1;
    auto put = record.revision == 1 ? database_.run(
                                          "INSERT INTO cases (id, open, revision, json) "
                                          "VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                                          record.id, open, record.revision, text)
                                    : database_.run(
                                          "UPDATE cases SET open = ?, revision = ?, json = ? "
                                          "WHERE id = ? AND revision = ? - 1",
                                          open, record.revision, text, record.id, record.revision);
    if (put && database_.changes() != 1)
        return fail(ErrorCode::temporary, "case {} was changed meanwhile", record.id);
    return put;
}

Result<> SqliteTriage::write_suppression(const Suppression& suppression) {
    return database_.run(
        "INSERT INTO suppressions (id, rule_id, entity, source_ip, reason, owner, begins, expires) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET expires = excluded.expires",
        suppression.id, suppression.rule_id, suppression.entity, suppression.source_ip,
        suppression.reason, suppression.owner, to_nanoseconds(suppression.begins),
        to_nanoseconds(suppression.expires));
}

Result<> SqliteTriage::write_approval(const Approval& approval) {
    return database_.run(
        "INSERT INTO approvals (id, state, json) VALUES (?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET state = excluded.state, json = excluded.json",
        approval.id, approval.state, boost::json::serialize(to_json(approval)));
}

Result<> SqliteTriage::write_action(const ActionRow& action) {
    return database_.run(
        "INSERT INTO actions (object, at, who, action, origin, target, why, comment) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        action.object, to_nanoseconds(action.at), action.who, action.action, action.from, action.to,
        action.why, action.comment);
}

Result<> SqliteTriage::erase(const Erasure& erasure) {
    auto gone = database_.run("DELETE FROM salts WHERE subject = ?", erasure.object);
    if (gone)
        gone = database_.run("UPDATE actions SET why = '', comment = '' WHERE object = ?",
                             erasure.object);
    if (gone)
        gone = database_.run("DELETE FROM kept_answers WHERE instr(body, ?) > 0",
                             erasure.object.substr(erasure.object.find(':') + 1));
    if (gone && erasure.alert) return alerts_.erase(*erasure.alert);
    return gone;
}

Result<> SqliteTriage::keep(const KeptAnswer& answer) {
    auto put = database_.run("DELETE FROM kept_answers WHERE at < ?",
                             to_nanoseconds(answer.at - kAnswerLife));
    if (put)
        put = database_.run(
            "INSERT INTO kept_answers (key, request, status, body, at) VALUES (?, ?, ?, ?, ?)",
            answer.key, answer.request, answer.status, answer.body, to_nanoseconds(answer.at));
    if (put)
        put = database_.run(
            "DELETE FROM kept_answers WHERE sequence <= "
            "(SELECT sequence FROM kept_answers ORDER BY sequence DESC LIMIT 1 OFFSET ?)",
            kMostAnswers);
    return put;
}

}  // namespace kentongan
