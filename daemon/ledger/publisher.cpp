#include "daemon/ledger/publisher.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <set>

#include "daemon/base/file.hpp"
#include "daemon/ledger/entry.hpp"

namespace kentongan::ledger {

namespace fs = std::filesystem;

namespace {

constexpr const char* kKeysName = "keys";

VerifierKey public_key_of(const std::string& origin, const SigningKey& key) {
    auto out = verifier_key(origin, KeyType::log, from_base64(key.public_text()));
    if (!out) throw std::invalid_argument(out.error().message);
    return *out;
}

bool contains_key(const Note& note, const VerifierKey& key) {
    return std::ranges::any_of(note.signatures, [&](const auto& s) { return made_by(s, key); });
}

}  // namespace

Result<SigningKey> make_key_file(const fs::path& path) {
    const FileDescriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!file) return fail_errno("create signing key", path.native(), errno);
    std::uint8_t seed[32];
    if (RAND_priv_bytes(seed, sizeof seed) != 1) throw std::bad_alloc{};
    const std::string text = to_base64(seed) + "\n";
    if (::write(file.value(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(file.value()) != 0)
        return fail_errno("write signing key", path.native(), errno);
    return SigningKey::load(path);
}

Result<> Publisher::open(const EntrySource& source) {
    log_.reset();
    note_.clear();
    auto opened = TileLog::open(options_.folder, options_.origin);
    if (!opened &&
        (opened.error().code == ErrorCode::data || opened.error().code == ErrorCode::no_input)) {
        note_ = opened.error().message;
        opened = TileLog::mend(options_.folder, options_.origin, source);
    }
    if (!opened) return std::unexpected(opened.error());
    auto newest = read_checkpoint(options_.folder);
    if (!newest) return std::unexpected(newest.error());
    // A checkpoint that neither key signed is not ours to go on from.
    const auto known = [&](const VerifierKey& key) {
        return std::ranges::any_of((*newest)->note.signatures, [&](const auto& signature) {
            return verify_note((*newest)->note.text, signature, key);
        });
    };
    if (*newest && std::ranges::none_of(public_keys(), known))
        return fail(ErrorCode::config,
                    "{}: the checkpoint is not signed by ledger.key_file nor by "
                    "ledger.previous_key_file; give the key that signed it as the latter",
                    options_.folder.native());
    log_ = std::move(*opened);
    newest_ = std::move(*newest);
    return {};
}

Result<> Publisher::append(const std::vector<std::string>& entries) {
    auto added = log_->append(entries);
    if (!added) log_.reset();
    return added;
}

Result<std::optional<SignedCheckpoint>> Publisher::checkpoint() {
    const auto keys = public_keys();
    const bool signed_by_all = newest_ && std::ranges::all_of(keys, [&](const auto& key) {
                                   return contains_key(newest_->note, key);
                               });
    if (log_->size() == 0 || (signed_by_all && newest_->checkpoint.size == log_->size()))
        return newest_;
    const auto made = log_->flush();
    if (!made) {
        log_.reset();
        return std::unexpected(made.error());
    }
    SignedCheckpoint next{*made, {made->text(), {}}};
    next.note.signatures.push_back(sign_note(next.note.text, options_.origin, keys_.key));
    if (keys_.previous)
        next.note.signatures.push_back(sign_note(next.note.text, options_.origin, *keys_.previous));
    if (auto done = put(next); !done) return std::unexpected(done.error());
    return newest_;
}

Result<> Publisher::put(const SignedCheckpoint& checkpoint) {
    auto done = log_->publish(checkpoint.note.encode(), checkpoint.checkpoint.size);
    if (done)
        newest_ = checkpoint;
    else
        log_.reset();
    return done;
}

Result<std::optional<Timestamp>> Publisher::cosigned(const VerifierKey& witness,
                                                     const std::vector<NoteSignature>& signatures,
                                                     SignedCheckpoint asked) {
    if (!newest_ || !log_) return std::optional<Timestamp>{};
    const bool is_newest = asked.note.text == newest_->note.text;
    SignedCheckpoint with = is_newest ? *newest_ : std::move(asked);
    std::optional<Timestamp> newest;
    for (const auto& signature : signatures) {
        if (!verify_note(with.note.text, signature, witness)) continue;
        if (with.note.signatures.size() >= kMostSignatures) break;
        std::erase_if(with.note.signatures,
                      [&](const auto& each) { return made_by(each, witness); });
        with.note.signatures.push_back(signature);
        newest = cosigned_at(signature);
    }
    if (!newest) return newest;
    const fs::path folder = options_.folder / kCosignedFolder;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return fail_errno("create", folder.native(), failed.value());
    if (auto kept = replace_file(folder / to_hex(witness.id), with.note.encode()); !kept)
        return std::unexpected(kept.error());
    if (is_newest)
        if (auto done = put(with); !done) return std::unexpected(done.error());
    return newest;
}

std::uint64_t cosigned_size(const fs::path& folder, const VerifierKey& witness) {
    const auto text = read_file(folder / kCosignedFolder / to_hex(witness.id), kLargestNote);
    if (!text) return 0;
    const auto parsed = parse_signed_checkpoint(*text);
    return parsed ? parsed->checkpoint.size : 0;
}

Result<std::string> witness_request(const fs::path& folder, const SignedCheckpoint& newest,
                                    std::uint64_t old_size) {
    const std::uint64_t size = newest.checkpoint.size;
    if (old_size > size)
        return fail(ErrorCode::data,
                    "the witness has signed {} entries and we have {}: our history was cut off",
                    old_size, size);
    TileReader reader{folder, size};
    const auto proof = prove_consistency(old_size, size, reader.nodes());
    if (!proof) return std::unexpected(proof.error());
    std::string out = fmt::format("old {}\n", old_size);
    for (const Hash& hash : *proof) out += to_base64(hash) + "\n";
    return out + "\n" + newest.note.encode();
}

Result<std::string> Publisher::witness_request(std::uint64_t old_size) const {
    if (!newest_) return fail(ErrorCode::unavailable, "no checkpoint yet");
    return ledger::witness_request(options_.folder, *newest_, old_size);
}

std::vector<VerifierKey> Publisher::public_keys() const {
    std::vector<VerifierKey> out{public_key_of(options_.origin, keys_.key)};
    if (keys_.previous) out.push_back(public_key_of(options_.origin, *keys_.previous));
    return out;
}

std::vector<std::string> Publisher::key_entries(Timestamp at) const {
    std::vector<std::string> out;
    std::set<std::string> now;
    for (const auto& key : public_keys()) {
        now.insert(key.text());
        out.push_back(key_entry("in force", key.text(), at));
    }
    const auto kept = read_file(options_.folder / kKeysName, kLargestNote);
    const auto before = kept ? parse_keys(*kept) : Result<std::vector<VerifierKey>>{};
    if (!before) return out;
    for (const auto& key : *before)
        if (!now.contains(key.text())) out.push_back(key_entry("retired", key.text(), at));
    return out;
}

Result<> Publisher::remember_keys() const {
    std::string text;
    for (const auto& key : public_keys()) text += key.text() + "\n";
    std::error_code failed;
    fs::create_directories(options_.folder, failed);
    if (failed) return fail_errno("create", options_.folder.native(), failed.value());
    return replace_file(options_.folder / kKeysName, text);
}

}  // namespace kentongan::ledger
