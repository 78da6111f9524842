#include "daemon/pipeline/history_settings.hpp"

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/pipeline/assembly.hpp"

namespace kentongan {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostRuleFiles = 100'000;

fs::path key_path(const std::string& setting, const char* credential, const Config& config) {
    if (!setting.empty()) return setting;
    if (const std::string file = credential_file(credential); !file.empty()) return file;
    return fs::path(config.daemon.state_directory) / credential;
}

std::string witness_name(const Config& config) {
    return config.witnessing.name.empty() ? desk_options(config).hostname : config.witnessing.name;
}

}  // namespace

fs::path history_folder(const Config& config) {
    if (!config.ledger.folder.empty()) return config.ledger.folder;
    return fs::path(config.daemon.state_directory) / "ledger";
}

std::string history_origin(const Config& config) {
    if (!config.ledger.origin.empty()) return config.ledger.origin;
    return desk_options(config).hostname + "/kentongan";
}

fs::path history_key_path(const Config& config) {
    return key_path(config.ledger.key_file, "ledger-key", config);
}

fs::path witness_key_path(const Config& config) {
    return key_path(config.witnessing.key_file, "witness-key", config);
}

Result<SigningKey> load_or_make_key(const fs::path& path, const Config& config) {
    std::error_code ignored;
    const bool ours = path.parent_path() == fs::path(config.daemon.state_directory);
    if (ours && !fs::exists(path, ignored)) {
        fs::create_directories(path.parent_path(), ignored);
        return ledger::make_key_file(path);
    }
    return SigningKey::load(path);
}

Result<ledger::LogKeys> history_keys(const Config& config) {
    auto named =
        ledger::verifier_key(history_origin(config), ledger::KeyType::log, std::string(32, '\0'));
    if (!named) return std::unexpected(named.error().within("ledger.origin"));
    auto key = load_or_make_key(history_key_path(config), config);
    if (!key) return std::unexpected(key.error());
    ledger::LogKeys out{std::move(*key), {}};
    if (config.ledger.previous_key_file.empty()) return out;
    auto previous = SigningKey::load(config.ledger.previous_key_file);
    if (!previous) return std::unexpected(previous.error().within("ledger.previous_key_file"));
    out.previous = std::move(*previous);
    return out;
}

Result<std::vector<ledger::VerifierKey>> witness_keys(const Config& config) {
    std::vector<ledger::VerifierKey> out;
    for (const auto& [name, settings] : config.witness) {
        auto key = ledger::parse_vkey(settings.key);
        if (!key) return std::unexpected(key.error().within("witness." + name));
        out.push_back(std::move(*key));
    }
    return out;
}

std::vector<ledger::VerifierKey> public_keys_of(const Config& config, const ledger::LogKeys& keys) {
    auto out =
        ledger::Publisher{{history_folder(config), history_origin(config)}, keys}.public_keys();
    if (auto witnesses = witness_keys(config))
        out.insert(out.end(), witnesses->begin(), witnesses->end());
    return out;
}

Result<ledger::VerifierKey> witness_public_key(const Config& config) {
    const auto key = load_or_make_key(witness_key_path(config), config);
    if (!key) return std::unexpected(key.error());
    return ledger::verifier_key(witness_name(config), ledger::KeyType::witness,
                                from_base64(key->public_text()));
}

Result<ledger::Witness> open_witness(const Config& config) {
    ledger::Witness::Options options;
    options.name = witness_name(config);
    options.folder = config.witnessing.folder.empty()
                         ? fs::path(config.daemon.state_directory) / "witness"
                         : fs::path(config.witnessing.folder);
    for (const auto& [name, settings] : config.witnessed) {
        auto key = ledger::parse_vkey(settings.key);
        if (!key) return std::unexpected(key.error().within("witnessed." + name + ".key"));
        options.logs.push_back(std::move(*key));
    }
    auto key = load_or_make_key(witness_key_path(config), config);
    if (!key) return std::unexpected(key.error());
    return ledger::Witness::open(std::move(options), std::move(*key));
}

RulesDigest rules_digest(const RuleSettings& rules) {
    std::vector<fs::path> files;
    for (const auto& path : rules.paths) {
        std::error_code failed;
        if (fs::is_regular_file(path, failed)) files.emplace_back(path);
        for (fs::recursive_directory_iterator it{path, failed}, end;
             !failed && it != end && files.size() < kMostRuleFiles; it.increment(failed))
            if (it->is_regular_file(failed)) files.push_back(it->path());
    }
    std::ranges::sort(files);
    Sha256 hash;
    RulesDigest out;
    for (const auto& file : files) {
        const auto content = read_file(file);
        std::string digest = content ? sha256_hex(*content) : content.error().message;
        hash.update(file.native() + '\n' + digest + '\n');
        out.files.emplace(file.native(), std::move(digest));
    }
    out.sha256 = to_hex(hash.finish());
    return out;
}

std::vector<ledger::ChangedFile> changed_files(const std::map<std::string, std::string>& before,
                                               const std::map<std::string, std::string>& after) {
    std::vector<ledger::ChangedFile> out;
    for (const auto& [file, digest] : before) {
        const auto now = after.find(file);
        if (now == after.end() || now->second != digest)
            out.push_back({file, digest, now == after.end() ? "" : now->second});
    }
    for (const auto& [file, digest] : after)
        if (!before.contains(file)) out.push_back({file, "", digest});
    std::ranges::sort(out, {}, &ledger::ChangedFile::file);
    return out;
}

}  // namespace kentongan
