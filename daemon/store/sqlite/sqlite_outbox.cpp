// SqliteAlertStore's outbox: what waits for whom, and what came of it.
#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan {

Result<std::int64_t> SqliteAlertStore::destination_id(const std::string& name) {
    const auto known = database_->number("SELECT id FROM destinations WHERE name = ?", name);
    if (!known || *known != 0) return known;
    if (auto put = database_->run("INSERT INTO destinations (name) VALUES (?)", name); !put)
        return std::unexpected(put.error());
    return database_->last_row();
}

Result<> SqliteAlertStore::write_deliveries(std::int64_t alert,
                                            const std::vector<NewDelivery>& deliveries,
                                            AddedByName& added) {
    for (const NewDelivery& delivery : deliveries) {
        Added& to = added[delivery.destination];
        if (to.destination == 0) {
            const auto id = destination_id(delivery.destination);
            if (!id) return std::unexpected(id.error());
            to.destination = *id;
        }
        if (auto put = database_->run(
                "INSERT INTO outbox (destination, alert, lane, created, queued, type, body) "
                "VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)",
                to.destination, alert, static_cast<int>(delivery.lane),
                to_nanoseconds(clock_.now()), delivery.type, delivery.body);
            !put)
            return put;
        ++to.messages;
    }
    return {};
}

Result<> SqliteAlertStore::queue(const std::string& alert,
                                 const std::vector<NewDelivery>& messages) {
    const auto sequence = database_->number("SELECT sequence FROM alerts WHERE id = ?", alert);
    if (!sequence) return std::unexpected(sequence.error());
    if (*sequence == 0) return fail(ErrorCode::temporary, "there is no alert {}", alert);
    AddedByName added;
    if (auto put = write_deliveries(*sequence, messages, added); !put) return put;
    return count_added(added);
}

/// A heartbeat that still waits says less than the new one: it goes.
Result<> SqliteAlertStore::write_messages(const std::vector<NewDelivery>& messages) {
    for (const NewDelivery& message : messages) {
        const auto destination = destination_id(message.destination);
        if (!destination) return std::unexpected(destination.error());
        const bool counts = message.lane != Urgency::heartbeat;
        auto put =
            counts ? database_->run("UPDATE destinations SET pending = pending + 1 WHERE id = ?",
                                    *destination)
                   : database_->run(
                         "DELETE FROM outbox WHERE destination = ? AND lane = 2 AND "
                         "state = 0",
                         *destination);
        if (put)
            put = database_->run(
                "INSERT INTO outbox (destination, lane, created, queued, type, body) "
                "VALUES (?1, ?2, ?3, ?3, ?4, ?5)",
                *destination, static_cast<int>(message.lane), to_nanoseconds(clock_.now()),
                message.type, message.body);
        if (!put) return put;
    }
    return {};
}

Result<> SqliteAlertStore::count_added(const AddedByName& added) {
    for (const auto& [name, to] : added)
        if (auto counted =
                database_->run("UPDATE destinations SET pending = pending + ? WHERE id = ?",
                               to.messages, to.destination);
            !counted)
            return counted;
    return {};
}

Result<std::vector<Delivery>> SqliteAlertStore::pending(const std::string& destination,
                                                        std::size_t limit) {
    std::vector<Delivery> out;
    for (const Urgency lane : {Urgency::critical, Urgency::usual, Urgency::heartbeat})
        if (auto read = pending_in(destination, lane, limit, out); !read)
            return std::unexpected(read.error());
    return out;
}

Result<> SqliteAlertStore::pending_in(const std::string& destination, Urgency lane,
                                      std::size_t limit, std::vector<Delivery>& out) {
    auto cursor = database_->query(
        "SELECT o.sequence, coalesce(a.id, iif(o.lane = 2, 'heartbeat', 'figures')), o.type, "
        "o.body, o.attempts, o.queued "
        "FROM outbox AS o INDEXED BY outbox_waiting LEFT JOIN alerts AS a ON a.sequence = o.alert "
        "WHERE o.destination = (SELECT id FROM destinations WHERE name = ?) AND o.state = 0 "
        "AND o.lane = ? ORDER BY o.sequence LIMIT ?",
        destination, static_cast<int>(lane), limit);
    if (!cursor) return std::unexpected(cursor.error());
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return {};
        out.push_back({.sequence = cursor->integer(0),
                       .alert_id = cursor->text(1),
                       .destination = destination,
                       .type = cursor->text(2),
                       .body = cursor->text(3),
                       .attempts = static_cast<int>(cursor->integer(4)),
                       .created = from_nanoseconds(cursor->integer(5)),
                       .lane = lane});
    }
}

Result<> SqliteAlertStore::settle(const std::vector<DeliveryOutcome>& outcomes,
                                  const NewEntries& told) {
    auto work = [&]() -> Result<> {
        for (const DeliveryOutcome& outcome : outcomes)
            if (auto settled = settle_one(outcome); !settled) return settled;
        if (auto kept = keep_salts(*database_, told.salts); !kept) return kept;
        return append_entries(*database_, told.entries);
    };
    return database_->transaction(work);
}

Result<> SqliteAlertStore::settle_one(const DeliveryOutcome& outcome) {
    using State = DeliveryOutcome::State;
    const bool delivered = outcome.state == State::delivered;
    const bool dead = outcome.state == State::dead;
    const auto at = to_nanoseconds(outcome.at);
    if (delivered || dead) {  // a heartbeat leaves nothing behind
        auto gone =
            database_->run("DELETE FROM outbox WHERE sequence = ? AND lane = 2", outcome.sequence);
        if (!gone || database_->changes() > 0) return gone;
    }
    auto changed = database_->run(
        "UPDATE outbox SET state = ?, attempts = attempts + 1, settled = ?, detail = ? "
        "WHERE sequence = ? AND state = 0",
        delivered ? 1
        : dead    ? 2
                  : 0,
        at, outcome.detail, outcome.sequence);
    if (!changed || database_->changes() == 0) return changed;
    if (delivered)
        return database_->run(
            "UPDATE destinations SET pending = pending - 1, delivered = delivered + 1, "
            "last_delivered = ?, last_error = '' "
            "WHERE id = (SELECT destination FROM outbox WHERE sequence = ?)",
            at, outcome.sequence);
    return database_->run(
        "UPDATE destinations SET pending = pending - ?1, dead = dead + ?1, last_error = ?2 "
        "WHERE id = (SELECT destination FROM outbox WHERE sequence = ?3 AND lane < 2)",
        dead ? 1 : 0, outcome.detail, outcome.sequence);
}

Result<std::vector<DeliveryStatus>> SqliteAlertStore::status() {
    auto cursor = database_->query(
        "SELECT d.name, d.delivered, d.pending, d.dead, d.last_delivered, d.last_error, "
        "(SELECT created FROM outbox AS o INDEXED BY outbox_waiting WHERE o.destination = d.id "
        "AND o.state = 0 AND o.lane < 2 ORDER BY o.sequence LIMIT 1) "
        "FROM destinations AS d ORDER BY d.name");
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<DeliveryStatus> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        DeliveryStatus status;
        status.destination = cursor->text(0);
        status.delivered = static_cast<std::uint64_t>(cursor->integer(1));
        status.pending = static_cast<std::uint64_t>(cursor->integer(2));
        status.dead = static_cast<std::uint64_t>(cursor->integer(3));
        if (const auto at = cursor->optional_integer(4))
            status.last_delivered = from_nanoseconds(*at);
        status.last_error = cursor->text(5);
        if (const auto at = cursor->optional_integer(6))
            status.oldest_pending = from_nanoseconds(*at);
        out.push_back(std::move(status));
    }
}

Result<std::uint64_t> SqliteAlertStore::revive(const std::string& destination) {
    std::int64_t revived = 0;
    auto work = [&]() -> Result<> {
        const auto id =
            database_->number("SELECT id FROM destinations WHERE name = ?", destination);
        if (!id) return std::unexpected(id.error());
        auto put = database_->run(
            "UPDATE outbox INDEXED BY outbox_dead SET state = 0, attempts = 0, queued = ? "
            "WHERE destination = ? AND state = 2 AND body <> ''",
            to_nanoseconds(clock_.now()), *id);
        if (!put) return put;
        revived = database_->changes();
        return database_->run(
            "UPDATE destinations SET pending = pending + ?1, dead = dead - ?1 WHERE id = ?2",
            revived, *id);
    };
    if (auto done = database_->transaction(work); !done) return std::unexpected(done.error());
    return static_cast<std::uint64_t>(revived);
}

}  // namespace kentongan
