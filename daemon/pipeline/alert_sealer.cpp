#include "daemon/pipeline/alert_sealer.hpp"

#include <boost/json.hpp>
#include <utility>

namespace kentongan {

using ledger::AlertEvent;

std::string AlertSealer::seal(const Alert& alert, Change change, Timestamp now, AlertBatch& batch,
                              const std::vector<NewDelivery>& deliveries) {
    auto [salt, first] = salts_.try_emplace(alert.id);
    if (first) {
        salt->second = ledger::new_salt();
        batch.salts.push_back({"alert:" + alert.id, salt->second});
    }
    std::string json = boost::json::serialize(to_json(alert));
    std::vector<ledger::Told> told;  // by the first of its entries
    for (const auto& [destination, type, body, lane] : deliveries)
        told.push_back({destination, type, body});
    const auto add = [&](AlertEvent event) {
        batch.about.push_back({batch.entries.size(), alert.id});
        batch.entries.push_back(
            ledger::alert_entry(alert, json, event, salt->second, now, std::exchange(told, {})));
    };
    if (change.created) add(AlertEvent::created);
    if (change.escalated) add(AlertEvent::escalated);
    if (change.closed) add(AlertEvent::closed);
    const bool only_grew = !change.created && !change.escalated && !change.closed;
    if (only_grew && !told.empty())
        add(AlertEvent::updated);
    else if (only_grew)
        grown_[alert.id] = ledger::salted_hash(salt->second, json);
    if (change.closed) salts_.erase(salt);
    if (grown_.size() >= ledger::kMostUpdates) finish(now, batch);
    return json;
}

void AlertSealer::finish(Timestamp now, AlertBatch& batch) {
    if (grown_.empty()) return;
    for (const auto& [id, digest] : grown_) batch.about.push_back({batch.entries.size(), id});
    batch.entries.push_back(ledger::updates_entry(grown_, now));
    grown_.clear();
}

}  // namespace kentongan
