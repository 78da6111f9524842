#pragma once
// What is still kept of an alert's evidence, outside of the database: the rule, the raw records,
// copies of files, packets.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "collectors/log/options.hpp"
#include "daemon/config/config.hpp"
#include "daemon/ledger/package.hpp"

namespace kentongan {

/// Where to look.
struct EvidenceSources {
    std::vector<std::filesystem::path> rings{};     ///< folders of rolling captures
    std::vector<std::filesystem::path> archives{};  ///< folders of files of the wire
    std::vector<log::Options> logs{};               ///< that are followed; no other file is read
    std::vector<std::string> rules{};               ///< paths of rules
};
[[nodiscard]] EvidenceSources evidence_sources(const Config& config);

/// Adds to the files and remarks of `alert`, whose JSON and entries are there. What does not fit
/// into `room` bytes (records and copies; it shrinks) or is not kept any more is left out, and
/// contents.json says so and why. Blocking.
void add_kept_evidence(ledger::PackagedAlert& alert, const EvidenceSources& sources,
                       std::uint64_t& room);

}  // namespace kentongan
