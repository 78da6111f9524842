#include "daemon/ledger/package.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/base/digest.hpp"
#include "daemon/ledger/canonical_json.hpp"
#include "daemon/ledger/cover.hpp"
#include "daemon/ledger/package_form.hpp"

namespace kentongan::ledger {

namespace json = boost::json;

namespace {

/// `text` as part of a file's name.
std::string file_part(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 64)) {
        const char one[] = {c, '\0'};
        out += is_archive_name(one) && c != '.' ? c : '_';
    }
    return out;
}

std::string salts_text(const std::vector<std::string>& salts) {
    json::array list;
    for (const auto& salt : salts) list.emplace_back(json::string(salt));
    return json::serialize(list);
}

/// What the alert says of its evidence, a file each, as it was excerpted.
void add_excerpts(ArchiveFiles& files, const std::string& folder, const json::value& alert) {
    boost::system::error_code problem;
    const auto* list = alert.find_pointer("/kentongan/evidence", problem);
    if (list == nullptr || !list->is_array()) return;
    std::size_t number = 0;
    for (const auto& item : list->get_array()) {
        ++number;
        const auto* excerpt = item.is_object() ? item.get_object().if_contains("excerpt") : nullptr;
        if (excerpt == nullptr || !excerpt->is_string()) continue;
        files[fmt::format("{}evidence/{:03}.txt", folder, number)] =
            std::string(excerpt->get_string());
    }
}

/// Adds files of one alert.
class Builder {
  public:
    Builder(const std::filesystem::path& folder, const SignedCheckpoint& checkpoint)
        : reader_(folder, checkpoint.checkpoint.size), note_(checkpoint.note.encode()) {}

    Result<> add(const PackagedAlert& alert) {
        const std::string folder = fmt::format("alerts/{}/", file_part(alert.id));
        files[folder + "alert.json"] = alert.json;
        files[folder + "salts.json"] = salts_text(alert.salts);
        if (auto added = add(folder, alert.entries); !added) return added;
        for (const auto& [name, content] : alert.files) files[folder + name] = content;
        boost::system::error_code problem;
        add_excerpts(files, folder, json::parse(alert.json, problem));
        return {};
    }

    ArchiveFiles files;

    Result<> add(const std::string& folder, const std::vector<IndexedEntry>& entries) {
        for (const auto& entry : entries)
            if (auto added = add_entry(folder, entry); !added) return added;
        return {};
    }

  private:
    Result<> add_entry(const std::string& folder, const IndexedEntry& entry) {
        auto proof = prove_inclusion(entry.index, reader_.size(), reader_.nodes());
        if (!proof) return std::unexpected(proof.error());
        const std::string name = fmt::format("{}entries/{}", folder, entry.index);
        files[name + ".json"] = entry.entry;
        files[name + kProofEnding] = InclusionProof{entry.index, std::move(*proof), note_}.encode();
        return {};
    }

    TileReader reader_;
    std::string note_;
};

std::optional<json::object> entry_object(const IndexedEntry& entry) {
    boost::system::error_code problem;
    json::value value = json::parse(entry.entry, problem);
    if (problem || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

/// The clock at the export, and in the alerts' minutes as the history has it.
std::string clock_text(const PackageRequest& request) {
    json::object clock{{"at", to_rfc3339(request.at, 9)},
                       {"synchronized", request.clock.synchronized},
                       {"maximum_error_seconds", request.clock.maximum_error_seconds},
                       {"estimated_error_seconds", request.clock.estimated_error_seconds}};
    json::array& minutes = clock["minutes"].emplace_array();
    for (const auto& each : request.coverage) {
        const auto entry = entry_object(each);
        if (!entry) continue;
        json::object minute{{"entry", each.index}};
        for (const auto* name : {"from", "at", "clock"})
            if (const auto* value = entry->if_contains(name)) minute[name] = *value;
        minutes.push_back(std::move(minute));
    }
    return json::serialize(clock) + "\n";
}

/// Who had it: what the history says, and this export, which enters the history under the hash of
/// the whole package.
std::string custody_text(const PackageRequest& request) {
    std::map<std::uint64_t, json::object> acts;  // one of several alerts is one act
    const auto add = [&](const std::vector<IndexedEntry>& entries) {
        for (const auto& each : entries) {
            auto entry = entry_object(each);
            const auto* kind = entry ? entry->if_contains("kind") : nullptr;
            if (kind != nullptr && (*kind == "custody" || *kind == "action" || *kind == "reading" ||
                                    *kind == "erasure"))
                acts.emplace(each.index, std::move(*entry));
        }
    };
    for (const auto& alert : request.alerts) add(alert.entries);
    add(request.case_entries);
    json::array list;
    for (auto& [index, act] : acts) list.push_back({{"entry", index}, {"act", std::move(act)}});
    const json::object out{{"acts", std::move(list)},
                           {"export",
                            {{"at", to_rfc3339(request.at, 9)},
                             {"who", request.who},
                             {"why", request.why},
                             {"to", request.to},
                             {"tool", request.tool}}}};
    return json::serialize(out) + "\n";
}

Result<std::string> manifest_of(const PackageRequest& request, const Checkpoint& checkpoint,
                                const ArchiveFiles& files) {
    json::object out{{"schema", 1},
                     {"kind", "kentongan-evidence"},
                     {"origin", checkpoint.origin},
                     {"created", to_rfc3339(request.at, 9)},
                     {"case", request.case_id}};
    json::array& alerts = out["alerts"].emplace_array();
    for (const auto& alert : request.alerts) alerts.emplace_back(json::string(alert.id));
    json::object& list = out["files"].emplace_object();
    for (const auto& [name, content] : files)
        list[name] = {{"sha256", sha256_hex(content)}, {"size", content.size()}};
    return canonical_json(out);
}

}  // namespace

std::string manifest_note_text(std::string_view manifest) {
    return fmt::format("{}\n{}\n", kManifestHeader, sha256_hex(manifest));
}

Result<std::string> make_package(const PackageRequest& request, const std::filesystem::path& folder,
                                 const SigningKey* key) {
    const auto checkpoint = read_checkpoint(folder);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    if (!*checkpoint)
        return fail(ErrorCode::unavailable, "{}: the history has no checkpoint yet",
                    folder.native());
    const Checkpoint& covered = (*checkpoint)->checkpoint;
    Builder builder{folder, **checkpoint};
    for (const auto& alert : request.alerts) {
        for (const auto& entry : alert.entries)
            if (entry.index >= covered.size)
                return fail(ErrorCode::data,
                            "entry {} about {} is not in a checkpoint yet; try again in a minute",
                            entry.index, alert.id);
        if (auto added = builder.add(alert); !added) return std::unexpected(added.error());
    }
    if (auto added = builder.add("case/", request.case_entries); !added)
        return std::unexpected(added.error());
    if (auto added = builder.add("coverage/", request.coverage); !added)
        return std::unexpected(added.error());
    ArchiveFiles& files = builder.files;
    files[kCheckpointName] = (*checkpoint)->note.encode();
    for (const auto& each : request.keys) files["keys.txt"] += each.text() + "\n";
    files["clock.json"] = clock_text(request);
    files["custody.json"] = custody_text(request);
    files["COVER.txt"] = cover_text(request, covered);
    files["cover.html"] = cover_html(request, covered);
    if (!request.verifier.empty()) files["kentongan-verify.py"] = request.verifier;
    auto manifest = manifest_of(request, covered, files);
    if (!manifest) return std::unexpected(manifest.error());
    if (key != nullptr) {
        const std::string text = manifest_note_text(*manifest);
        files[kManifestNoteName] = Note{text, {sign_note(text, covered.origin, *key)}}.encode();
    }
    files[kManifestName] = std::move(*manifest);
    return write_archive(files);
}

}  // namespace kentongan::ledger
