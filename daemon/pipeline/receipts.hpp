#pragma once
// Receipts: what the history says of messages that were delivered or put aside.
#include <string>
#include <vector>

#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// The subject of their salt.
inline constexpr std::string_view kReceipts = "receipts";

/// Entries about outcomes that are final; none of signs of life, and none of another try. On the
/// store's thread. Errors: the store's.
[[nodiscard]] Result<NewEntries> receipts_of(const std::string& destination,
                                             const std::vector<DeliveryOutcome>& outcomes,
                                             EntryLog& history, Timestamp now);

}  // namespace kentongan
