#pragma once
// From the settings to what the ledger works with: folders, names, keys.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/publisher.hpp"
#include "daemon/ledger/witness.hpp"

namespace kentongan {

[[nodiscard]] std::filesystem::path history_folder(const Config& config);
[[nodiscard]] std::string history_origin(const Config& config);

/// Where the keys are, or will be made: the setting, the systemd credential, the state folder.
[[nodiscard]] std::filesystem::path history_key_path(const Config& config);
[[nodiscard]] std::filesystem::path witness_key_path(const Config& config);
/// Loads a key; makes it when it is not there and `path` lies in daemon.state_directory.
[[nodiscard]] Result<SigningKey> load_or_make_key(const std::filesystem::path& path,
                                                  const Config& config);
[[nodiscard]] Result<ledger::LogKeys> history_keys(const Config& config);

/// Keys that verify our history: of [witness.NAME]. An error names the table.
[[nodiscard]] Result<std::vector<ledger::VerifierKey>> witness_keys(const Config& config);

/// Our keys and our witnesses', for a list to hand out.
[[nodiscard]] std::vector<ledger::VerifierKey> public_keys_of(const Config& config,
                                                              const ledger::LogKeys& keys);

/// The public key with which we sign for others.
[[nodiscard]] Result<ledger::VerifierKey> witness_public_key(const Config& config);
/// The witness that we are for others. Errors: config; unavailable while another process signs.
[[nodiscard]] Result<ledger::Witness> open_witness(const Config& config);

/// SHA-256 over the names and contents of the rule files of the settings, in order of names; and
/// each file's.
struct RulesDigest {
    std::string sha256;
    std::map<std::string, std::string> files;
};
[[nodiscard]] RulesDigest rules_digest(const RuleSettings& rules);
/// Files that are new, gone or another; by name.
[[nodiscard]] std::vector<ledger::ChangedFile> changed_files(
    const std::map<std::string, std::string>& before,
    const std::map<std::string, std::string>& after);

}  // namespace kentongan
