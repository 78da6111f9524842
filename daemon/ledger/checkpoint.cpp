#include "daemon/ledger/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::ledger {

namespace {
constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1";
}

std::string Checkpoint::text() const {
    return fmt::format("{}\n{}\n{}\n", origin, size, to_base64(root));
}

std::optional<Hash> parse_hash(std::string_view base64) {
    const std::string bytes = from_base64(base64);
    Hash out{};
    if (bytes.size() != out.size() || to_base64(as_bytes(bytes)) != base64) return std::nullopt;
    std::ranges::copy(as_bytes(bytes), out.begin());
    return out;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    return parse_number<std::uint64_t>(text);
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    if (!text.ends_with('\n')) return fail(ErrorCode::data, "checkpoint: its text is cut off");
    Checkpoint out;
    out.origin = take_until(text, '\n');
    const auto size = parse_size(take_until(text, '\n'));
    const auto root = parse_hash(take_until(text, '\n'));
    if (out.origin.empty() || !size || !root)
        return fail(ErrorCode::data, "checkpoint: not an origin, a size and a root, a line each");
    while (!text.empty())
        if (take_until(text, '\n').empty())
            return fail(ErrorCode::data, "checkpoint: an extension line is empty");
    out.size = *size;
    out.root = *root;
    return out;
}

Result<SignedCheckpoint> parse_signed_checkpoint(std::string_view text) {
    auto note = parse_note(text);
    if (!note) return std::unexpected(note.error());
    auto checkpoint = parse_checkpoint(note->text);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    return SignedCheckpoint{std::move(*checkpoint), std::move(*note)};
}

std::string InclusionProof::encode() const {
    std::string out = fmt::format("{}\nindex {}\n", kProofHeader, index);
    for (const Hash& hash : hashes) out += to_base64(hash) + "\n";
    return out + "\n" + checkpoint;
}

Result<InclusionProof> parse_proof(std::string_view text) {
    const auto wrong = [](std::string_view how) { return fail(ErrorCode::data, "proof: {}", how); };
    if (take_until(text, '\n') != kProofHeader) return wrong("not a c2sp.org/tlog-proof@v1");
    std::string_view line = take_until(text, '\n');
    if (line.starts_with("extra ")) line = take_until(text, '\n');
    InclusionProof out;
    if (!line.starts_with("index ")) return wrong("no index line");
    const auto index = parse_size(line.substr(6));
    if (!index) return wrong("the index is no number");
    out.index = *index;
    for (line = take_until(text, '\n'); !line.empty(); line = take_until(text, '\n')) {
        const auto hash = parse_hash(line);
        if (!hash) return wrong("a hash is damaged");
        if (out.hashes.size() == kLongestProof) return wrong("more hashes than any tree needs");
        out.hashes.push_back(*hash);
    }
    out.checkpoint = text;
    if (auto checked = parse_signed_checkpoint(text); !checked)
        return std::unexpected(checked.error().within("proof"));
    return out;
}

}  // namespace kentongan::ledger
