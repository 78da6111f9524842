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
        for (const NewDelivery& delivery : deliveries) queue(delivery, alert.id);
    }
    for (const NewDelivery& message : batch.messages) queue(message, "heartbeat");
    for (const auto& [source, state] : batch.bookmarks) bookmarks_[source] = state;
    return append(batch.entries);
}

Result<std::vector<std::string>> MemoryAlertStore::entries(std::uint64_t from, std::size_t limit) {
    const auto begin = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(from, entries_.size()));
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(
                                 limit, entries_.size() - static_cast<std::size_t>(begin)));
    return std::vector<std::string>(entries_.begin() + begin, entries_.begin() + end);
}

Result<> MemoryAlertStore::append(const std::vector<std::string>& entries) {
    entries_.insert(entries_.end(), entries.begin(), entries.end());
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

}  // namespace kentongan
