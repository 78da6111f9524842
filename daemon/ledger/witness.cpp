#include "daemon/ledger/witness.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::ledger {

namespace fs = std::filesystem;

namespace {

WitnessAnswer refuse(unsigned status, std::string_view why) {
    return {.status = status, .body = fmt::format("{}\n", why)};
}

Result<> sync_folder(const fs::path& folder) {
    const FileDescriptor file{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!file || ::fsync(file.value()) != 0) return fail_errno("sync", folder.native(), errno);
    return {};
}

}  // namespace

Result<WitnessRequest> parse_witness_request(std::string_view body) {
    const auto wrong = [](std::string_view how) {
        return fail(ErrorCode::data, "add-checkpoint: {}", how);
    };
    if (body.size() > kLargestNote) return wrong("too large");
    std::string_view line = take_until(body, '\n');
    if (!line.starts_with("old ")) return wrong("it does not begin with the old size");
    const auto old_size = parse_size(line.substr(4));
    if (!old_size) return wrong("the old size is no number");
    WitnessRequest out;
    out.old_size = *old_size;
    for (line = take_until(body, '\n'); !line.empty(); line = take_until(body, '\n')) {
        const auto hash = parse_hash(line);
        if (!hash) return wrong("a line of the proof is no hash");
        if (out.proof.size() == kMostProofLines) return wrong("more than 63 lines of proof");
        out.proof.push_back(*hash);
    }
    if (body.empty()) return wrong("no checkpoint");
    out.checkpoint = body;
    return out;
}

Result<Witness> Witness::open(Options options, SigningKey key) {
    if (auto named = verifier_key(options.name, KeyType::witness, from_base64(key.public_text()));
        !named)
        return std::unexpected(named.error());
    std::error_code failed;
    fs::create_directories(options.folder, failed);
    if (failed) return fail_errno("create", options.folder.native(), failed.value());
    Witness out{std::move(options), std::move(key)};
    const fs::path lock = out.options_.folder / "lock";
    out.lock_ = FileDescriptor{::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!out.lock_) return fail_errno("open", lock.native(), errno);
    if (::flock(out.lock_.value(), LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorCode::unavailable, "{}: another process signs here; ask that one",
                    out.options_.folder.native());
    for (const auto& log : out.options_.logs) {
        const fs::path file = out.file_of(log.name);
        const auto text = read_file(file, kLargestNote);
        if (!text && text.error().code == ErrorCode::no_input) continue;
        if (!text) return std::unexpected(text.error());
        const auto kept = parse_signed_checkpoint(*text);
        if (!kept || kept->checkpoint.origin != log.name)
            return fail(ErrorCode::data,
                        "{}: what was last signed for \"{}\" is damaged; restore it from a backup "
                        "or from the log's checkpoint that carries our signature, for signing on "
                        "without it could sign two pasts",
                        file.native(), log.name);
        out.newest_[log.name] = kept->checkpoint;
    }
    return out;
}

fs::path Witness::file_of(const std::string& origin) const {
    return options_.folder / sha256_hex(origin);
}

VerifierKey Witness::public_key() const {
    return *verifier_key(options_.name, KeyType::witness, from_base64(key_.public_text()));
}

std::uint64_t Witness::signed_size(const std::string& origin) const {
    const auto found = newest_.find(origin);
    return found == newest_.end() ? 0 : found->second.size;
}

WitnessAnswer Witness::add_checkpoint(std::string_view body, Timestamp now) {
    const auto request = parse_witness_request(body);
    if (!request) return refuse(400, request.error().message);
    const auto parsed = parse_signed_checkpoint(request->checkpoint);
    if (!parsed) return refuse(400, parsed.error().message);
    const Checkpoint& next = parsed->checkpoint;
    const auto is_of_origin = [&](const auto& log) { return log.name == next.origin; };
    if (std::ranges::none_of(options_.logs, is_of_origin))
        return refuse(404, "we do not sign for this origin");
    const auto trusted = [&](const NoteSignature& signature) {
        return std::ranges::any_of(options_.logs, [&](const VerifierKey& log) {
            return log.name == next.origin && verify_note(parsed->note.text, signature, log);
        });
    };
    if (std::ranges::none_of(parsed->note.signatures, trusted))
        return refuse(403, "no key of this origin that we know has signed it");
    if (request->old_size > next.size) return refuse(400, "the old size is the larger one");

    const std::uint64_t known = signed_size(next.origin);
    const WitnessAnswer conflict{
        .status = 409, .type = "text/x.tlog.size", .body = fmt::format("{}\n", known)};
    if (request->old_size != known) return conflict;
    const Hash known_root = known == 0 ? empty_root() : newest_.at(next.origin).root;
    if (known == next.size && known > 0 && known_root != next.root) return conflict;
    if (!verify_consistency(known, next.size, request->proof, known_root, next.root))
        return refuse(422, "the proof does not lead from what we signed last to this");

    if (auto kept = replace_file(file_of(next.origin), parsed->note.encode()); !kept)
        return refuse(500, "cannot keep it; nothing was signed");
    if (auto synced = sync_folder(options_.folder); !synced)
        return refuse(500, "cannot keep it; nothing was signed");
    newest_[next.origin] = next;
    return {.body = cosign_note(parsed->note.text, options_.name, key_, now).line()};
}

}  // namespace kentongan::ledger
