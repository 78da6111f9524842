#include "daemon/ledger/note.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::ledger {

namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // em dash, space
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kLongestSignature = 8192;
constexpr std::size_t kMostKeys = 1000;

/// Unicode's spaces beyond ASCII, in UTF-8.
constexpr std::string_view kSpaces[] = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool is_name(std::string_view name) {
    if (name.empty() || name.size() > 256 || printable_utf8(name) != name) return false;
    for (const char c : name)
        if (static_cast<unsigned char>(c) <= 0x20 || c == '+' || c == 0x7F) return false;
    return std::ranges::none_of(kSpaces, [&](auto space) { return name.contains(space); });
}

/// Strictly: what we would have written.
std::optional<std::string> exact_base64(std::string_view text) {
    std::string bytes = from_base64(text);
    if (bytes.empty() || to_base64(as_bytes(bytes)) != text) return std::nullopt;
    return bytes;
}

std::string prefix_of(Timestamp at) {
    return fmt::format("cosignature/v1\ntime {}\n", to_nanoseconds(at) / 1'000'000'000);
}

std::array<std::uint8_t, 4> key_id(std::string_view name, KeyType type, std::string_view key) {
    Sha256 hash;
    hash.update(name);
    const char separator[] = {'\n', static_cast<char>(type)};
    hash.update(std::string_view{separator, 2});
    hash.update(key);
    const Sha256Digest digest = hash.finish();
    return {digest[0], digest[1], digest[2], digest[3]};
}

Result<Timestamp> time_after(std::string_view word, std::string_view name) {
    const auto time = parse_rfc3339(word.substr(name.size()));
    if (!time) return fail(ErrorCode::config, "keys: {} is not a time in RFC 3339", word);
    return *time;
}

Result<VerifierKey> parse_key_line(std::string_view line) {
    auto key = parse_vkey(take_until(line, ' '));
    if (!key) return key;
    for (line = trim(line); !line.empty(); line = trim(line)) {
        const std::string_view word = take_until(line, ' ');
        const bool from = word.starts_with("from=");
        if (!from && !word.starts_with("until="))
            return fail(ErrorCode::config, "keys: {} is neither from= nor until=", word);
        const auto time = time_after(word, from ? "from=" : "until=");
        if (!time) return std::unexpected(time.error());
        (from ? key->from : key->until) = *time;
    }
    return key;
}

}  // namespace

Result<VerifierKey> verifier_key(std::string_view name, KeyType type, std::string_view key) {
    if (!is_name(name))
        return fail(ErrorCode::config,
                    "\"{}\" cannot name a key: no blanks, no plus, at most 256 bytes",
                    printable_utf8(name, 64));
    if (key.size() != kKeyBytes)
        return fail(ErrorCode::config, "key of {}: not 32 bytes of Ed25519", name);
    return VerifierKey{.name = std::string(name),
                       .type = type,
                       .public_key = std::string(key),
                       .id = key_id(name, type, key)};
}

std::string VerifierKey::text() const {
    return fmt::format("{}+{}+{}", name, to_hex(id),
                       to_base64(as_bytes(static_cast<char>(type) + public_key)));
}

Result<VerifierKey> parse_vkey(std::string_view text) {
    const auto wrong = [&](std::string_view how) {
        return fail(ErrorCode::config,
                    "\"{}\" is no verifier key (NAME+HEXID+BASE64, as `kentongan evidence key "
                    "show` prints it): {}",
                    printable_utf8(text, 80), how);
    };
    std::string_view rest = text;
    const std::string_view name = take_until(rest, '+');
    const std::string_view id = take_until(rest, '+');
    const auto bytes = exact_base64(rest);
    if (!bytes || bytes->size() != 1 + kKeyBytes) return wrong("not one type and 32 bytes");
    const auto type = static_cast<std::uint8_t>(bytes->front());
    if (type != 0x01 && type != 0x04) return wrong("neither Ed25519 (1) nor a cosignature's (4)");
    auto key = verifier_key(name, static_cast<KeyType>(type), bytes->substr(1));
    if (key && to_hex(key->id) != id) return wrong("its id belongs to another key or name");
    return key;
}

Result<std::vector<VerifierKey>> parse_keys(std::string_view text) {
    std::vector<VerifierKey> out;
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        line = trim(take_until(line, '#'));
        if (line.empty()) continue;
        if (out.size() == kMostKeys)
            return fail(ErrorCode::config, "keys: more than {} of them", kMostKeys);
        auto key = parse_key_line(line);
        if (!key) return std::unexpected(key.error());
        out.push_back(std::move(*key));
    }
    return out;
}

std::string NoteSignature::line() const {
    const std::string whole = std::string(id.begin(), id.end()) + bytes;
    return fmt::format("{}{} {}\n", kDash, name, to_base64(as_bytes(whole)));
}

std::string Note::encode() const {
    std::string out = text + "\n";
    for (const auto& signature : signatures) out += signature.line();
    return out;
}

Result<std::vector<NoteSignature>> parse_signatures(std::string_view lines) {
    std::vector<NoteSignature> out;
    while (!lines.empty()) {
        if (!lines.contains('\n')) return fail(ErrorCode::data, "note: a line is cut off");
        std::string_view line = take_until(lines, '\n');
        if (out.size() == kMostSignatures)
            return fail(ErrorCode::data, "note: more than {} signatures", kMostSignatures);
        if (!line.starts_with(kDash)) return fail(ErrorCode::data, "note: no signature line");
        line.remove_prefix(kDash.size());
        NoteSignature signature;
        signature.name = take_until(line, ' ');
        const auto bytes = exact_base64(line);
        if (!is_name(signature.name) || !bytes || bytes->size() <= 4 ||
            bytes->size() > kLongestSignature)
            return fail(ErrorCode::data, "note: a signature line is damaged");
        std::copy_n(as_bytes(*bytes).begin(), 4, signature.id.begin());
        signature.bytes = bytes->substr(4);
        out.push_back(std::move(signature));
    }
    return out;
}

Result<Note> parse_note(std::string_view text) {
    if (text.size() > kLargestNote)
        return fail(ErrorCode::data, "note: larger than {} bytes", kLargestNote);
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n')
            return fail(ErrorCode::data, "note: it has control characters");
    if (printable_utf8(text) != text) return fail(ErrorCode::data, "note: not UTF-8");
    const auto blank = text.rfind("\n\n");
    if (blank == std::string_view::npos)
        return fail(ErrorCode::data, "note: no blank line before signatures");
    auto signatures = parse_signatures(text.substr(blank + 2));
    if (!signatures) return std::unexpected(signatures.error());
    if (signatures->empty()) return fail(ErrorCode::data, "note: nobody signed it");
    return Note{std::string(text.substr(0, blank + 1)), std::move(*signatures)};
}

NoteSignature sign_note(std::string_view text, std::string_view name, const SigningKey& key) {
    return {std::string(name), key_id(name, KeyType::log, from_base64(key.public_text())),
            from_base64(key.sign(text))};
}

NoteSignature cosign_note(std::string_view text, std::string_view name, const SigningKey& key,
                          Timestamp at) {
    const auto seconds = static_cast<std::uint64_t>(to_nanoseconds(at) / 1'000'000'000);
    std::string time;
    for (int shift = 56; shift >= 0; shift -= 8) time += static_cast<char>(seconds >> shift);
    return {std::string(name), key_id(name, KeyType::witness, from_base64(key.public_text())),
            time + from_base64(key.sign(prefix_of(at).append(text)))};
}

bool made_by(const NoteSignature& signature, const VerifierKey& key) {
    return signature.name == key.name && signature.id == key.id;
}

std::optional<Timestamp> cosigned_at(const NoteSignature& signature) {
    if (signature.bytes.size() != kTimeBytes + kSignatureBytes) return std::nullopt;
    const std::uint64_t seconds = ByteReader{as_bytes(signature.bytes)}.u64();
    if (seconds > static_cast<std::uint64_t>(INT64_MAX / 1'000'000'000)) return std::nullopt;
    return from_nanoseconds(static_cast<std::int64_t>(seconds) * 1'000'000'000);
}

bool verify_note(std::string_view text, const NoteSignature& signature, const VerifierKey& key) {
    if (!made_by(signature, key)) return false;
    const std::string public_text = to_base64(as_bytes(key.public_key));
    if (key.type == KeyType::log)
        return verify_signature(public_text, text, to_base64(as_bytes(signature.bytes)));
    const auto at = cosigned_at(signature);
    return at && verify_signature(public_text, prefix_of(*at).append(text),
                                  to_base64(as_bytes(signature.bytes.substr(kTimeBytes))));
}

}  // namespace kentongan::ledger
