// Checks a package: its archive, its manifest, its checkpoint, and that each entry is proved and
// each alert is what its newest entry sealed.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/ledger/package.hpp"
#include "daemon/ledger/package_form.hpp"

namespace kentongan::ledger {

namespace json = boost::json;

namespace {

/// "" for what is not there or no text.
std::string_view text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string_view{value->get_string()} : "";
}

std::optional<json::object> object_of(std::string_view text) {
    boost::system::error_code problem;
    json::value value = json::parse(text, problem);
    if (problem || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

class Checker {
  public:
    Checker(const std::vector<VerifierKey>& keys, PackageCheck& result)
        : keys_(keys), result_(result) {}

    void run(std::string_view bytes) {
        auto files = read_archive(bytes);
        if (!files) return bad(files.error().message);
        files_ = std::move(*files);
        result_.files = files_.size();
        manifest();
        if (!checkpoint()) return;
        for (const auto& [name, content] : files_)
            if (name.ends_with(kProofEnding)) proof(name, content);
        for (const auto& [name, content] : files_)
            if (name.starts_with("alerts/") && name.ends_with("/alert.json")) alert(name, content);
    }

  private:
    void bad(std::string text, std::optional<std::uint64_t> entry = {}) {
        result_.problems.add("package", std::move(text), entry);
    }
    /// The content of a file; empty and a problem when it is missing.
    std::string_view file(const std::string& name) {
        const auto found = files_.find(name);
        if (found != files_.end()) return found->second;
        bad(name + " is missing");
        return {};
    }

    void manifest();
    bool checkpoint();
    void proof(const std::string& name, const std::string& content);
    void alert(const std::string& name, const std::string& content);
    void records(const std::string& folder, const std::string& alert);
    std::vector<std::string> salts_beside(const std::string& folder);

    const std::vector<VerifierKey>& keys_;
    PackageCheck& result_;
    ArchiveFiles files_;
    std::optional<SignedCheckpoint> checkpoint_;
    /// Of each alert, its newest digest among the entries that are proved.
    std::map<std::string, std::pair<std::uint64_t, std::string>> digests_;
};

void Checker::manifest() {
    const std::string_view text = file(kManifestName);
    const auto note = parse_note(file(kManifestNoteName));
    if (!note) return bad(fmt::format("manifest: {}", note.error().message));
    if (note->text != manifest_note_text(text)) bad("the signature is of another manifest");
    // check_signatures looks at a note's text and signatures only.
    (void)check_signatures({{}, *note}, keys_, std::nullopt, result_.problems);
    const auto parsed = object_of(text);
    const auto* list = parsed ? parsed->if_contains("files") : nullptr;
    if (list == nullptr || !list->is_object()) return bad("the manifest lists no files");
    std::set<std::string> listed{kManifestName, kManifestNoteName};
    for (const auto& [name, facts] : list->get_object()) {
        listed.emplace(name);
        const auto found = files_.find(std::string(name));
        if (found == files_.end())
            bad(fmt::format("{} is missing", std::string_view{name}));
        else if (!facts.is_object() ||
                 text_of(facts.get_object(), "sha256") != sha256_hex(found->second))
            bad(fmt::format("{} is not what the manifest says", std::string_view{name}));
    }
    for (const auto& [name, content] : files_)
        if (!listed.contains(name)) bad(name + " is not in the manifest");
}

bool Checker::checkpoint() {
    auto parsed = parse_signed_checkpoint(file(kCheckpointName));
    if (!parsed) {
        bad(parsed.error().message);
        return false;
    }
    checkpoint_ = std::move(*parsed);
    result_.origin = checkpoint_->checkpoint.origin;
    result_.size = checkpoint_->checkpoint.size;
    (void)check_signatures(*checkpoint_, keys_, std::nullopt, result_.problems);
    return true;
}

void Checker::proof(const std::string& name, const std::string& content) {
    const auto proof = parse_proof(content);
    if (!proof) return bad(fmt::format("{}: {}", name, proof.error().message));
    const auto note = parse_note(proof->checkpoint);
    if (!note || note->text != checkpoint_->note.text)
        return bad(name + " is of another checkpoint", proof->index);
    const std::string_view entry =
        file(name.substr(0, name.size() - std::string_view{kProofEnding}.size()) + ".json");
    const Checkpoint& tree = checkpoint_->checkpoint;
    if (!verify_inclusion(leaf_hash(entry), proof->index, tree.size, proof->hashes, tree.root))
        return bad(name + " does not prove its entry", proof->index);
    for (auto& [id, digest] : digests_in(entry)) {
        auto& newest = digests_[id];
        if (newest.second.empty() || newest.first <= proof->index)
            newest = {proof->index, std::move(digest)};
    }
}

std::vector<std::string> Checker::salts_beside(const std::string& folder) {
    boost::system::error_code problem;
    const json::value list = json::parse(file(folder + "/salts.json"), problem);
    std::vector<std::string> out;
    if (problem || !list.is_array()) return out;
    for (const auto& salt : list.get_array())
        if (salt.is_string()) out.emplace_back(salt.get_string());
    return out;
}

void Checker::alert(const std::string& name, const std::string& content) {
    const std::string folder = name.substr(0, name.rfind('/'));
    const std::string id = folder.substr(folder.rfind('/') + 1);
    result_.alerts.push_back(id);
    records(folder, content);
    const auto newest = digests_.find(id);
    if (newest == digests_.end()) return bad(id + ": no proved entry seals it");
    for (const auto& salt : salts_beside(folder))
        if (salted_hash(salt, content) == newest->second.second) return;
    bad(id + " is not what its newest entry sealed", newest->second.first);
}

/// The records and files beside an alert: each has the digest that the alert, or its name, gives.
void Checker::records(const std::string& folder, const std::string& alert) {
    boost::system::error_code problem;
    const json::value value = json::parse(alert, problem);
    const auto* list = problem ? nullptr : value.find_pointer("/kentongan/evidence", problem);
    const std::string within = folder + "/";
    const std::string copies = within + "files/";
    for (auto it = files_.lower_bound(within); it != files_.end(); ++it) {
        const auto& [name, content] = *it;
        if (!name.starts_with(within)) break;
        if (name.starts_with(copies) && sha256_hex(content) != name.substr(copies.size()))
            bad(name + " is not the file that it is named after");
        if (!name.ends_with(kRecordEnding)) continue;
        std::string_view number = std::string_view{name}.substr(name.rfind('/') + 1);
        number.remove_suffix(kRecordEnding.size());
        const std::size_t place = parse_number<std::size_t>(number).value_or(0);
        const bool known = list != nullptr && list->is_array() && place > 0 &&
                           place <= list->get_array().size() &&
                           list->get_array()[place - 1].is_object();
        if (!known ||
            text_of(list->get_array()[place - 1].get_object(), "sha256") != sha256_hex(content))
            bad(name + " is not the record of which the alert has the SHA-256");
    }
}

}  // namespace

std::map<std::string, std::string> digests_in(std::string_view entry) {
    std::map<std::string, std::string> out;
    const auto object = object_of(entry);
    if (!object) return out;
    if (text_of(*object, "kind") == "alert")
        out.emplace(text_of(*object, "alert"), text_of(*object, "digest"));
    const auto* updated = object->if_contains("updated");
    if (updated != nullptr && updated->is_object())
        for (const auto& [id, digest] : updated->get_object())
            if (digest.is_string()) out.emplace(id, std::string(digest.get_string()));
    return out;
}

std::vector<std::string> objects_in(std::string_view entry) {
    std::vector<std::string> out;
    for (const auto& [id, digest] : digests_in(entry)) out.push_back("alert:" + id);
    const auto object = object_of(entry);
    if (!object) return out;
    for (const auto* name : {"object", "subject"})
        if (const auto text = text_of(*object, name); !text.empty()) out.emplace_back(text);
    const auto* objects = object->if_contains("objects");
    if (objects != nullptr && objects->is_array())
        for (const auto& each : objects->get_array())
            if (each.is_string()) out.emplace_back(each.get_string());
    return out;
}

std::vector<std::string> alerts_in(std::string_view entry) {
    constexpr std::string_view kPrefix = "alert:";
    std::vector<std::string> out;
    for (const auto& object : objects_in(entry))
        if (object.starts_with(kPrefix)) out.push_back(object.substr(kPrefix.size()));
    return out;
}

PackageCheck check_package(std::string_view archive, const std::vector<VerifierKey>& keys) {
    PackageCheck out;
    Checker{keys, out}.run(archive);
    return out;
}

}  // namespace kentongan::ledger
