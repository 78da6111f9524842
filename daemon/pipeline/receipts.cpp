#include "daemon/pipeline/receipts.hpp"

#include <algorithm>
#include <span>

#include "daemon/ledger/entry.hpp"

namespace kentongan {

Result<NewEntries> receipts_of(const std::string& destination,
                               const std::vector<DeliveryOutcome>& outcomes, EntryLog& history,
                               Timestamp now) {
    using State = DeliveryOutcome::State;
    std::vector<ledger::Receipt> receipts;
    for (const DeliveryOutcome& one : outcomes)
        if (one.state != State::retry && one.lane != Urgency::heartbeat)
            receipts.push_back({one.sequence, one.state == State::delivered, one.at, one.detail});
    NewEntries out;
    if (receipts.empty()) return out;
    const std::string subject{kReceipts};
    const auto salts = history.salts(subject);
    if (!salts) return std::unexpected(salts.error());
    const std::string salt = salts->empty() ? ledger::new_salt() : salts->front();
    if (salts->empty()) out.salts.push_back({subject, salt});
    for (std::span<const ledger::Receipt> rest{receipts}; !rest.empty();) {
        const auto some = rest.first(std::min(rest.size(), ledger::kMostReceipts));
        out.entries.push_back(ledger::receipts_entry(destination, some, salt, now));
        rest = rest.subspan(some.size());
    }
    return out;
}

}  // namespace kentongan
