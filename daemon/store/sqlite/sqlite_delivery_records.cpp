// SqliteAlertStore's outbox as people look at it: single messages, what became of them, and sending
// a range again.
#include <algorithm>

#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan {

namespace {

using State = DeliveryQuery::State;

DeliveryRecord record_of(const SqliteCursor& cursor) {
    DeliveryRecord out;
    out.message = {.sequence = cursor.integer(0),
                   .alert_id = cursor.text(1),
                   .destination = cursor.text(2),
                   .type = cursor.text(3),
                   .body = cursor.text(4),
                   .attempts = static_cast<int>(cursor.integer(5)),
                   .created = from_nanoseconds(cursor.integer(6)),
                   .lane = static_cast<Urgency>(cursor.integer(7))};
    const auto state = cursor.integer(8);
    out.state = state == 1 ? State::delivered : state == 2 ? State::dead : State::pending;
    out.committed = from_nanoseconds(cursor.integer(9));
    if (const auto at = cursor.optional_integer(10)) out.settled = from_nanoseconds(*at);
    out.detail = cursor.text(11);
    return out;
}

}  // namespace

Result<std::uint64_t> SqliteAlertStore::replay(const std::string& destination, Timestamp since,
                                               Timestamp until) {
    std::int64_t again = 0;
    const auto from = to_nanoseconds(since);
    const auto to = to_nanoseconds(until);
    auto work = [&]() -> Result<> {
        const auto id =
            database_->number("SELECT id FROM destinations WHERE name = ?", destination);
        if (!id) return std::unexpected(id.error());
        const auto dead = database_->number(
            "SELECT count(*) FROM outbox WHERE destination = ? AND state = 2 AND created >= ? "
            "AND created < ? AND body <> ''",
            *id, from, to);
        if (!dead) return std::unexpected(dead.error());
        auto put = database_->run(
            "UPDATE outbox SET state = 0, attempts = 0, queued = ? WHERE destination = ? AND "
            "state > 0 AND created >= ? AND created < ? AND body <> ''",
            to_nanoseconds(clock_.now()), *id, from, to);
        if (!put) return put;
        again = database_->changes();
        return database_->run(
            "UPDATE destinations SET pending = pending + ?1, dead = dead - ?2, "
            "delivered = delivered - (?1 - ?2) WHERE id = ?3",
            again, *dead, *id);
    };
    if (auto done = database_->transaction(work); !done) return std::unexpected(done.error());
    return static_cast<std::uint64_t>(again);
}

Result<std::vector<DeliveryRecord>> SqliteAlertStore::records(const DeliveryQuery& query) {
    const std::int64_t before = query.before > 0 ? query.before : INT64_MAX;
    const auto limit = std::clamp<std::size_t>(query.limit, 1, 1000);
    auto cursor = database_->query(
        "SELECT o.sequence, coalesce(a.id, 'figures'), d.name, o.type, '', o.attempts, o.queued, "
        "o.lane, o.state, "
        "o.created, o.settled, o.detail FROM outbox AS o "
        "LEFT JOIN alerts AS a ON a.sequence = o.alert "
        "JOIN destinations AS d ON d.id = o.destination WHERE o.sequence < ?1 AND (?2 = '' OR "
        "d.name = ?2) AND (?3 < 0 OR o.state = ?3) "
        "AND (?4 = '' OR coalesce(a.id, 'figures') = ?4) AND o.lane < 2 ORDER BY o.sequence DESC "
        "LIMIT ?5",
        before, query.destination, static_cast<int>(query.state) - 1, query.alert_id, limit);
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<DeliveryRecord> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back(record_of(*cursor));
    }
}

Result<std::optional<DeliveryRecord>> SqliteAlertStore::record(std::int64_t sequence) {
    auto cursor = database_->query(
        "SELECT o.sequence, coalesce(a.id, iif(o.lane = 2, 'heartbeat', 'figures')), d.name, "
        "o.type, o.body, o.attempts, "
        "o.queued, o.lane, o.state, o.created, o.settled, o.detail FROM outbox AS o "
        "LEFT JOIN alerts AS a ON a.sequence = o.alert JOIN destinations AS d "
        "ON d.id = o.destination WHERE o.sequence = ?",
        sequence);
    if (!cursor) return std::unexpected(cursor.error());
    const auto row = cursor->next();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    return record_of(*cursor);
}

}  // namespace kentongan
