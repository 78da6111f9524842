#include "daemon/store/memory/memory_alert_store.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace kentongan {

Result<> MemoryAlertStore::commit(const AlertBatch& batch) {
    for (const auto& [alert, deliveries, json] : batch.alerts) {
        const auto [known, fresh] = by_id_.try_emplace(alert.id, alerts_.size());
        if (fresh) alerts_.emplace_back();
        Row& row = alerts_[known->second];
        if (row.erased) continue;
        query::Document document = query::document_of(alert);
        if (!fresh)  // its place in triage stays
            for (const auto name : {query::Name::state, query::Name::reason, query::Name::assignee,
                                    query::Name::case_id})
                document.text[query::index_of(name)] = row.document.of(name);
        row = {alert.last_seen,
               std::move(document),
               json.empty() ? boost::json::serialize(to_json(alert)) : json,
               alert.told,
               alert.open_until,
               false};
        for (const NewDelivery& delivery : deliveries) queue(delivery, alert.id);
    }
    for (const NewDelivery& message : batch.messages) queue(message, "heartbeat");
    for (const auto& [source, state] : batch.bookmarks) bookmarks_[source] = state;
    return append(batch.entries, batch.salts, batch.about);
}

Result<std::vector<std::string>> MemoryAlertStore::entries(std::uint64_t from, std::size_t limit) {
    const auto begin = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(from, entries_.size()));
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(
                                 limit, entries_.size() - static_cast<std::size_t>(begin)));
    return std::vector<std::string>(entries_.begin() + begin, entries_.begin() + end);
}

Result<std::vector<std::uint64_t>> MemoryAlertStore::entries_about(const std::string& alert) {
    const auto found = about_.find(alert);
    return found == about_.end() ? std::vector<std::uint64_t>{} : found->second;
}

Result<> MemoryAlertStore::append(const std::vector<std::string>& entries,
                                  const std::vector<Salt>& salts,
                                  const std::vector<EntryAbout>& about) {
    for (const auto& [entry, alert] : about) about_[alert].push_back(entries_.size() + entry);
    return append(entries, salts);
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

void MemoryAlertStore::erase(const std::string& object, const std::optional<Alert>& left) {
    salts_.erase(object);
    if (!left) return;
    const auto known = by_id_.find(left->id);
    if (known == by_id_.end()) return;
    Row& row = alerts_[known->second];
    query::Document document = query::document_of(*left);
    for (const auto name :
         {query::Name::state, query::Name::reason, query::Name::assignee, query::Name::case_id})
        document.text[query::index_of(name)] = row.document.of(name);
    row.document = std::move(document);
    row.json = boost::json::serialize(to_json(*left));
    row.open_until = {};
    row.erased = true;
    for (DeliveryRecord& record : outbox_) {
        if (record.message.alert_id != left->id) continue;
        record.message.body.clear();
        record.detail = "erased";
        if (record.state != DeliveryQuery::State::pending) continue;
        record.state = DeliveryQuery::State::dead;
        Destination& to = destinations_[record.message.destination];
        to.pending.erase(record.message.sequence);
        to.dead.insert(record.message.sequence);
    }
}

Result<std::optional<StoredAlert>> MemoryAlertStore::get(const std::string& id) {
    const auto known = by_id_.find(id);
    if (known == by_id_.end()) return std::nullopt;
    return StoredAlert{static_cast<std::int64_t>(known->second + 1), alerts_[known->second].json};
}

Result<std::vector<Alert>> MemoryAlertStore::open_alerts(Timestamp since) {
    std::vector<Alert> out;
    for (const Row& row : alerts_) {
        if (row.erased || (row.last_seen < since && row.open_until < since)) continue;
        auto alert = alert_from_json(boost::json::parse(row.json));
        if (!alert) return std::unexpected(alert.error());
        alert->told = row.told;
        alert->open_until = row.open_until;
        out.push_back(std::move(*alert));
    }
    return out;
}

}  // namespace kentongan
