// MemoryAlertStore's outbox.
#include <algorithm>

#include "daemon/store/memory/memory_alert_store.hpp"

namespace kentongan {

using State = DeliveryQuery::State;

void MemoryAlertStore::queue(const NewDelivery& delivery, const std::string& alert_id) {
    const auto sequence = static_cast<std::int64_t>(outbox_.size() + 1);
    DeliveryRecord record;
    record.message = {.sequence = sequence,
                      .alert_id = alert_id,
                      .destination = delivery.destination,
                      .type = delivery.type,
                      .body = delivery.body,
                      .created = clock_.now(),
                      .lane = delivery.lane};
    record.committed = clock_.now();
    Destination& to = destinations_[delivery.destination];
    if (alert_id == "heartbeat")
        to.heartbeat = sequence;
    else
        to.pending.insert(sequence);
    outbox_.push_back(std::move(record));
}

Result<std::vector<Delivery>> MemoryAlertStore::pending(const std::string& destination,
                                                        std::size_t limit) {
    std::vector<Delivery> out;
    const auto known = destinations_.find(destination);
    if (known == destinations_.end() || limit == 0) return out;
    for (const Urgency lane : {Urgency::critical, Urgency::usual}) {
        std::size_t taken = 0;
        for (const std::int64_t sequence : known->second.pending)
            if (taken < limit && entry(sequence).message.lane == lane) {
                out.push_back(entry(sequence).message);
                ++taken;
            }
    }
    if (known->second.heartbeat != 0) out.push_back(entry(known->second.heartbeat).message);
    return out;
}

Result<> MemoryAlertStore::settle(const std::vector<DeliveryOutcome>& outcomes,
                                  const NewEntries& told) {
    for (const DeliveryOutcome& outcome : outcomes) settle_one(outcome);
    return append(told.entries, told.salts);
}

void MemoryAlertStore::settle_one(const DeliveryOutcome& outcome) {
    using Came = DeliveryOutcome::State;
    if (outcome.sequence < 1 || outcome.sequence > static_cast<std::int64_t>(outbox_.size()))
        return;
    DeliveryRecord& record = entry(outcome.sequence);
    Destination& destination = destinations_[record.message.destination];
    const bool delivered = outcome.state == Came::delivered;
    if (destination.heartbeat == outcome.sequence) {
        ++record.message.attempts;
        if (outcome.state != Came::retry) destination.heartbeat = 0;
        return;
    }
    if (!destination.pending.contains(outcome.sequence)) return;
    ++record.message.attempts;
    record.detail = outcome.detail;
    record.settled = outcome.at;
    destination.totals.last_error = delivered ? "" : outcome.detail;
    if (outcome.state == Came::retry) return;
    destination.pending.erase(outcome.sequence);
    record.state = delivered ? State::delivered : State::dead;
    if (!delivered) {
        destination.dead.insert(outcome.sequence);
        return;
    }
    ++destination.totals.delivered;
    destination.totals.last_delivered = outcome.at;
}

Result<std::vector<DeliveryStatus>> MemoryAlertStore::status() {
    std::vector<DeliveryStatus> out;
    for (const auto& [name, destination] : destinations_) {
        DeliveryStatus status = destination.totals;
        status.destination = name;
        status.pending = destination.pending.size();
        status.dead = destination.dead.size();
        if (!destination.pending.empty())
            status.oldest_pending = entry(*destination.pending.begin()).committed;
        out.push_back(std::move(status));
    }
    return out;
}

Result<std::uint64_t> MemoryAlertStore::revive(const std::string& destination) {
    const auto known = destinations_.find(destination);
    if (known == destinations_.end()) return 0;
    std::set<std::int64_t> dead;
    for (const std::int64_t sequence : known->second.dead) {
        DeliveryRecord& record = entry(sequence);
        if (record.message.body.empty()) continue;  // erased
        dead.insert(sequence);
        record.state = State::pending;
        record.message.attempts = 0;
        record.message.created = clock_.now();
    }
    for (const std::int64_t sequence : dead) known->second.dead.erase(sequence);
    const std::uint64_t count = dead.size();
    known->second.pending.merge(dead);
    return count;
}

Result<std::uint64_t> MemoryAlertStore::replay(const std::string& destination, Timestamp since,
                                               Timestamp until) {
    std::uint64_t again = 0;
    for (DeliveryRecord& record : outbox_) {
        if (record.message.destination != destination || record.state == State::pending ||
            record.message.body.empty() || record.committed < since || record.committed >= until)
            continue;
        Destination& to = destinations_[destination];
        if (record.state == State::delivered) --to.totals.delivered;
        to.dead.erase(record.message.sequence);
        to.pending.insert(record.message.sequence);
        record.state = State::pending;
        record.message.attempts = 0;
        record.message.created = clock_.now();
        ++again;
    }
    return again;
}

Result<std::vector<DeliveryRecord>> MemoryAlertStore::records(const DeliveryQuery& query) {
    std::vector<DeliveryRecord> out;
    const auto limit = std::clamp<std::size_t>(query.limit, 1, 1000);
    for (auto at = outbox_.rbegin(); at != outbox_.rend() && out.size() < limit; ++at) {
        const Delivery& message = at->message;
        const bool wanted =
            message.lane != Urgency::heartbeat &&
            (query.before <= 0 || message.sequence < query.before) &&
            (query.destination.empty() || message.destination == query.destination) &&
            (query.alert_id.empty() || message.alert_id == query.alert_id) &&
            (query.state == State::any || at->state == query.state);
        if (!wanted) continue;
        out.push_back(*at);
        out.back().message.body.clear();
    }
    return out;
}

Result<std::optional<DeliveryRecord>> MemoryAlertStore::record(std::int64_t sequence) {
    if (sequence < 1 || sequence > static_cast<std::int64_t>(outbox_.size())) return std::nullopt;
    return entry(sequence);
}

}  // namespace kentongan
