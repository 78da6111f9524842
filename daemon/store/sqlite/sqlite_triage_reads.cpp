// What SqliteTriage reads.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/store/sqlite/sqlite_triage.hpp"

namespace kentongan {

namespace {

/// Every row of a cursor, made by `make`, which gives a Result.
template <class T, class Make>
Result<std::vector<T>> collect(Result<SqliteCursor> cursor, Make make) {
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<T> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        Result<T> one = make(*cursor);
        if (!one) return std::unexpected(one.error());
        out.push_back(std::move(*one));
    }
}

template <class T>
Result<std::optional<T>> first_of(Result<std::vector<T>> rows) {
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) return std::optional<T>{};
    return std::optional<T>{std::move(rows->front())};
}

constexpr std::string_view kPlace =
    "SELECT id, severity, state, reason, assignee, case_id, revision, suppressed, rule_id "
    "FROM alerts ";
constexpr std::string_view kSuppression =
    "SELECT id, rule_id, entity, source_ip, reason, owner, begins, expires FROM suppressions ";

Result<Place> place_in(const SqliteCursor& row) {
    return Place{.alert = row.text(0),
                 .severity = static_cast<Severity>(row.integer(1)),
                 .state = row.text(2),
                 .reason = row.text(3),
                 .assignee = row.text(4),
                 .case_id = row.text(5),
                 .revision = row.integer(6),
                 .suppressed = row.text(7),
                 .rule_id = row.text(8)};
}

Result<Suppression> suppression_in(const SqliteCursor& row) {
    return Suppression{.id = row.text(0),
                       .rule_id = row.text(1),
                       .entity = row.text(2),
                       .source_ip = row.text(3),
                       .reason = row.text(4),
                       .owner = row.text(5),
                       .begins = from_nanoseconds(row.integer(6)),
                       .expires = from_nanoseconds(row.integer(7))};
}

template <class T>
auto json_reader(SqliteDatabase& database, Result<T> (*read)(const boost::json::value&)) {
    return [&database, read](const SqliteCursor& row) -> Result<T> {
        boost::system::error_code bad;
        const auto value = boost::json::parse(row.text(0), bad);
        if (bad) return database.damaged(bad.message());
        auto out = read(value);
        if (!out) return database.damaged(out.error().message);
        return out;
    };
}

}  // namespace

Result<std::optional<Place>> SqliteTriage::place(const std::string& alert) {
    return first_of(
        collect<Place>(database_.query(std::string(kPlace) + "WHERE id = ?", alert), place_in));
}

Result<std::vector<Place>> SqliteTriage::places_of_case(const std::string& id, std::size_t limit) {
    return collect<Place>(
        database_.query(
            std::string(kPlace) + "WHERE case_id = ? AND case_id <> '' ORDER BY sequence LIMIT ?",
            id, limit),
        place_in);
}

Result<std::vector<ActionRow>> SqliteTriage::actions(const std::string& object, std::size_t limit) {
    const auto read = [&](const SqliteCursor& row) -> Result<ActionRow> {
        return ActionRow{object,      from_nanoseconds(row.integer(0)),
                         row.text(1), row.text(2),
                         row.text(3), row.text(4),
                         row.text(5), row.text(6)};
    };
    auto rows = collect<ActionRow>(
        database_.query("SELECT at, who, action, origin, target, why, comment FROM actions "
                        "WHERE object = ? ORDER BY sequence DESC LIMIT ?",
                        object, limit),
        read);
    if (rows) std::ranges::reverse(*rows);
    return rows;
}

Result<std::vector<CaseRecord>> SqliteTriage::cases(bool open_only, std::size_t limit) {
    const char* sql = open_only
                          ? "SELECT json FROM cases WHERE open = 1 ORDER BY sequence DESC LIMIT ?"
                          : "SELECT json FROM cases ORDER BY sequence DESC LIMIT ?";
    return collect<CaseRecord>(database_.query(sql, limit), json_reader(database_, case_from_json));
}

Result<std::optional<CaseRecord>> SqliteTriage::find_case(const std::string& id) {
    return first_of(collect<CaseRecord>(database_.query("SELECT json FROM cases WHERE id = ?", id),
                                        json_reader(database_, case_from_json)));
}

Result<std::vector<Suppression>> SqliteTriage::suppressions(Timestamp now, std::size_t limit) {
    return collect<Suppression>(
        database_.query(std::string(kSuppression) +
                            "INDEXED BY suppressions_by_expiry WHERE expires > ? "
                            "ORDER BY sequence LIMIT ?",
                        to_nanoseconds(now), limit),
        suppression_in);
}

Result<std::optional<Suppression>> SqliteTriage::find_suppression(const std::string& id) {
    return first_of(collect<Suppression>(
        database_.query(std::string(kSuppression) + "WHERE id = ?", id), suppression_in));
}

Result<std::vector<Approval>> SqliteTriage::pending_approvals(std::size_t limit) {
    return collect<Approval>(
        database_.query(
            "SELECT json FROM approvals WHERE state = 'pending' ORDER BY sequence LIMIT ?", limit),
        json_reader(database_, approval_from_json));
}

Result<std::optional<Approval>> SqliteTriage::find_approval(const std::string& id) {
    return first_of(
        collect<Approval>(database_.query("SELECT json FROM approvals WHERE id = ?", id),
                          json_reader(database_, approval_from_json)));
}

Result<std::vector<Approval>> SqliteTriage::approvals_about(const std::string& object) {
    return collect<Approval>(
        database_.query("SELECT json FROM approvals WHERE json ->> '$.object' = ? "
                        "ORDER BY sequence",
                        object),
        json_reader(database_, approval_from_json));
}

Result<std::optional<KeptAnswer>> SqliteTriage::kept_answer(const std::string& key, Timestamp now) {
    const auto read = [&](const SqliteCursor& row) -> Result<KeptAnswer> {
        return KeptAnswer{key, row.text(0), row.integer(1), row.text(2),
                          from_nanoseconds(row.integer(3))};
    };
    return first_of(collect<KeptAnswer>(
        database_.query(
            "SELECT request, status, body, at FROM kept_answers WHERE key = ? AND at >= ?", key,
            to_nanoseconds(now - kAnswerLife)),
        read));
}

Result<std::vector<Notification>> SqliteTriage::notifications(const std::string& alert,
                                                              std::size_t limit) {
    const auto read = [&](const SqliteCursor& row) -> Result<Notification> {
        Notification out{alert, row.text(0), row.text(1), from_nanoseconds(row.integer(2)), {}};
        if (const auto at = row.optional_integer(4); at && row.integer(3) == 1)
            out.delivered = from_nanoseconds(*at);
        return out;
    };
    return collect<Notification>(
        database_.query("SELECT d.name, o.type, o.created, o.state, o.settled FROM outbox AS o "
                        "JOIN destinations AS d ON d.id = o.destination "
                        "WHERE o.alert = (SELECT sequence FROM alerts WHERE id = ?) "
                        "ORDER BY o.sequence LIMIT ?",
                        alert, limit),
        read);
}

}  // namespace kentongan
