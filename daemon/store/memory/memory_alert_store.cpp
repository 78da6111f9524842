#include "daemon/store/memory/memory_alert_store.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace kentongan {

Result<> MemoryAlertStore::commit(const AlertBatch& batch) {
    for (const auto& [alert, deliveries] : batch.alerts) {
        const auto [known, fresh] = by_id_.try_emplace(alert.id, alerts_.size());
        if (fresh) alerts_.emplace_back();
        alerts_[known->second] = {.severity = alert.severity,
                                  .ruleset = alert.rule->ruleset,
                                  .rule_id = alert.rule->id,
                                  .first_seen = alert.first_seen,
                                  .last_seen = alert.last_seen,
                                  .agencies = alert.agencies,
                                  .json = boost::json::serialize(to_json(alert))};
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
    return {};
}

bool MemoryAlertStore::matches(const Row& row, const AlertQuery& query) {
    return (!query.at_least || row.severity >= *query.at_least) &&
           (query.ruleset.empty() || name_of(row.ruleset) == query.ruleset) &&
           (query.rule_id.empty() || row.rule_id == query.rule_id) &&
           (query.agency.empty() ||
            std::ranges::find(row.agencies, query.agency) != row.agencies.end()) &&
           (!query.since || row.first_seen >= *query.since) &&
           (!query.until || row.first_seen < *query.until);
}

Result<AlertPage> MemoryAlertStore::find(const AlertQuery& query,
                                         std::optional<std::int64_t> after) {
    AlertPage page;
    const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, 1000);
    const auto end = static_cast<std::int64_t>(alerts_.size());
    const std::int64_t step = query.newest_first ? -1 : 1;
    std::int64_t at = query.newest_first ? std::min(after.value_or(end + 1), end + 1) - 1
                                         : std::max<std::int64_t>(after.value_or(0), 0) + 1;
    for (; at >= 1 && at <= end; at += step) {
        const Row& row = alerts_[static_cast<std::size_t>(at - 1)];
        if (!matches(row, query)) continue;
        if (page.alerts.size() == limit) {
            page.next = page.alerts.back().sequence;
            break;
        }
        page.alerts.push_back({at, row.json});
    }
    return page;
}

Result<std::optional<StoredAlert>> MemoryAlertStore::get(const std::string& id) {
    const auto known = by_id_.find(id);
    if (known == by_id_.end()) return std::nullopt;
    return StoredAlert{static_cast<std::int64_t>(known->second + 1), alerts_[known->second].json};
}

Result<std::vector<Alert>> MemoryAlertStore::open_alerts(Timestamp since) {
    std::vector<Alert> out;
    for (const Row& row : alerts_) {
        if (row.last_seen < since) continue;
        auto alert = alert_from_json(boost::json::parse(row.json));
        if (!alert) return std::unexpected(alert.error());
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
