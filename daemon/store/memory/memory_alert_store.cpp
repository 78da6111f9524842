#include "daemon/store/memory/memory_alert_store.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace kentongan {

Result<> MemoryAlertStore::commit(const AlertBatch& batch) {
    for (const auto& [alert, deliveries] : batch.alerts) {
        const auto [known, fresh] = by_id_.try_emplace(alert.id, alerts_.size());
        if (fresh) alerts_.emplace_back();
        Row& row = alerts_[known->second];
        query::Document document = query::document_of(alert);
        if (!fresh)  // its place in triage stays
            for (const auto name : {query::Name::state, query::Name::reason, query::Name::assignee,
                                    query::Name::case_id})
                document.text[query::index_of(name)] = row.document.of(name);
        row = {alert.last_seen, std::move(document), boost::json::serialize(to_json(alert)),
               alert.told, alert.open_until};
        for (const NewDelivery& delivery : deliveries) {
            const auto sequence = static_cast<std::int64_t>(outbox_.size() + 1);
            outbox_.push_back({.sequence = sequence,
                               .alert_id = alert.id,
                               .destination = delivery.destination,
                               .type = delivery.type,
                               .body = delivery.body,
                               .created = clock_.now()});
            destinations_[delivery.destination].pending.insert(sequence);
        }
    }
    for (const auto& [source, state] : batch.bookmarks) bookmarks_[source] = state;
    return append(batch.entries, batch.salts);
}

Result<std::vector<std::string>> MemoryAlertStore::entries(std::uint64_t from, std::size_t limit) {
    const auto begin = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(from, entries_.size()));
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(
                                 limit, entries_.size() - static_cast<std::size_t>(begin)));
    return std::vector<std::string>(entries_.begin() + begin, entries_.begin() + end);
}

Result<> MemoryAlertStore::append(const std::vector<std::string>& entries,
                                  const std::vector<Salt>& salts) {
    entries_.insert(entries_.end(), entries.begin(), entries.end());
    for (const auto& [subject, salt] : salts) salts_[subject].insert(salt);
    return {};
}

Result<std::vector<std::string>> MemoryAlertStore::salts(const std::string& subject) {
    const auto found = salts_.find(subject);
    if (found == salts_.end()) return std::vector<std::string>{};
    return std::vector<std::string>(found->second.begin(), found->second.end());
}

Result<> MemoryAlertStore::erase_salts(const std::string& subject, const std::string& entry) {
    salts_.erase(subject);
    entries_.push_back(entry);
    return {};
}

Result<std::optional<StoredAlert>> MemoryAlertStore::get(const std::string& id) {
    const auto known = by_id_.find(id);
    if (known == by_id_.end()) return std::nullopt;
    return StoredAlert{static_cast<std::int64_t>(known->second + 1), alerts_[known->second].json};
}

Result<std::vector<Alert>> MemoryAlertStore::open_alerts(Timestamp since) {
    std::vector<Alert> out;
    for (const Row& row : alerts_) {
        if (row.last_seen < since && row.open_until < since) continue;
        auto alert = alert_from_json(boost::json::parse(row.json));
        if (!alert) return std::unexpected(alert.error());
        alert->told = row.told;
        alert->open_until = row.open_until;
        out.push_back(std::move(*alert));
    }
    return out;
}

Result<std::vector<Delivery>> MemoryAlertStore::pending(const std::string& destination,
                                                        std::size_t limit) {
    std::vector<Delivery> out;
    const auto known = destinations_.find(destination);
    if (known == destinations_.end()) return out;
    for (const std::int64_t sequence : known->second.pending) {
        if (out.size() == limit) break;
        out.push_back(outbox_[static_cast<std::size_t>(sequence - 1)]);
    }
    return out;
}

Result<> MemoryAlertStore::settle(const std::vector<DeliveryOutcome>& outcomes) {
    for (const DeliveryOutcome& outcome : outcomes) settle_one(outcome);
    return {};
}

void MemoryAlertStore::settle_one(const DeliveryOutcome& outcome) {
    using State = DeliveryOutcome::State;
    if (outcome.sequence < 1 || outcome.sequence > static_cast<std::int64_t>(outbox_.size()))
        return;
    Delivery& delivery = outbox_[static_cast<std::size_t>(outcome.sequence - 1)];
    Destination& destination = destinations_[delivery.destination];
    if (!destination.pending.contains(outcome.sequence)) return;
    ++delivery.attempts;
    const bool delivered = outcome.state == State::delivered;
    destination.totals.last_error = delivered ? "" : outcome.detail;
    if (outcome.state == State::retry) return;
    destination.pending.erase(outcome.sequence);
    if (!delivered) {
        destination.dead.insert(outcome.sequence);
        return;
    }
    ++destination.totals.delivered;
    destination.totals.last_delivered = outcome.at;
    delivered_at_[outcome.sequence] = outcome.at;
}

Result<std::vector<DeliveryStatus>> MemoryAlertStore::status() {
    std::vector<DeliveryStatus> out;
    for (const auto& [name, destination] : destinations_) {
        DeliveryStatus status = destination.totals;
        status.destination = name;
        status.pending = destination.pending.size();
        status.dead = destination.dead.size();
        if (!destination.pending.empty())
            status.oldest_pending =
                outbox_[static_cast<std::size_t>(*destination.pending.begin() - 1)].created;
        out.push_back(std::move(status));
    }
    return out;
}

Result<std::uint64_t> MemoryAlertStore::revive(const std::string& destination) {
    const auto known = destinations_.find(destination);
    if (known == destinations_.end()) return 0;
    auto dead = std::exchange(known->second.dead, {});
    for (const std::int64_t sequence : dead) {
        Delivery& delivery = outbox_[static_cast<std::size_t>(sequence - 1)];
        delivery.attempts = 0;
        delivery.created = clock_.now();
    }
    const std::uint64_t count = dead.size();
    known->second.pending.merge(dead);
    return count;
}

}  // namespace kentongan
