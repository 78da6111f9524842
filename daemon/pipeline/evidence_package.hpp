#pragma once
// One package of evidence out of a store and a history's folder; for the daemon and for the offline
// command.
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/ledger/package.hpp"
#include "daemon/pipeline/kept_evidence.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// Alerts and their salts, as the store has them. Store's thread. no_input names one that is not
/// there.
[[nodiscard]] Result<std::vector<ledger::PackagedAlert>> stored_alerts(
    AlertStore& alerts, EntryLog& entries, const std::vector<std::string>& ids);

/// Adds to `request` the published entries about its alerts and its case, the coverage of their
/// minutes, and what `sources` still keep of the evidence, records and copies up to kMostKept
/// bytes; then makes the package. Blocks; not the store's thread.
inline constexpr std::uint64_t kMostKept = std::uint64_t{256} << 20;
[[nodiscard]] Result<std::string> pack_evidence(ledger::PackageRequest request,
                                                const std::filesystem::path& history,
                                                const EvidenceSources& sources,
                                                const SigningKey& key);

/// That the package was made: an entry for the history with its salt.
struct CustodyRecord {
    std::string entry;
    Salt salt;
};
[[nodiscard]] CustodyRecord custody_of(const ledger::PackageRequest& request,
                                       std::string_view package);

/// Under what the salts of a package's entries are kept; `sha256` is of the whole package, hex.
[[nodiscard]] std::string package_subject(std::string_view sha256);

/// A package changes hands.
struct Handover {
    std::string sha256;               ///< of the package, lower-case hex
    std::vector<std::string> alerts;  ///< ids, that are in it
    std::string who;
    std::string to;
    std::string why;
};
[[nodiscard]] CustodyRecord custody_of(const Handover& handover, Timestamp at);

}  // namespace kentongan
