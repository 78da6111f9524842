#pragma once
// One package of evidence out of a store and a history's folder; for the daemon and for the offline
// command.
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/ledger/package.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// Alerts and their salts, as the store has them. Store's thread. no_input names one that is not
/// there.
[[nodiscard]] Result<std::vector<ledger::PackagedAlert>> stored_alerts(
    AlertStore& alerts, EntryLog& entries, const std::vector<std::string>& ids);

/// Adds to `request.alerts` their published entries, and packets out of `rings`; then makes the
/// package. Blocks; not the store's thread.
[[nodiscard]] Result<std::string> pack_evidence(ledger::PackageRequest request,
                                                const std::filesystem::path& history,
                                                const std::vector<std::filesystem::path>& rings,
                                                const SigningKey& key);

/// That the package was made: an entry for the history with its salt.
struct CustodyRecord {
    std::string entry;
    Salt salt;
};
[[nodiscard]] CustodyRecord custody_of(const ledger::PackageRequest& request,
                                       std::string_view package);

}  // namespace kentongan
