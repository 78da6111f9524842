// Reads what gzip, zstd, xz or bzip2 wrote.
#include "collectors/log/decompressor.hpp"

#include <array>

namespace kentongan::log {

namespace {

constexpr std::size_t kInput = std::size_t{64} << 10;
constexpr std::uint64_t kFree = std::uint64_t{256} << 20;
constexpr std::uint64_t kLargestRatio = 1000;

struct Suffix {
    std::string_view text;
    Compression kind;
};
constexpr std::array<Suffix, 4> kSuffixes{{{".gz", Compression::gzip},
                                           {".zst", Compression::zstd},
                                           {".xz", Compression::xz},
                                           {".bz2", Compression::bzip2}}};

const Suffix* suffix_of(std::string_view name) {
    for (const Suffix& suffix : kSuffixes)
        if (name.size() > suffix.text.size() && name.ends_with(suffix.text)) return &suffix;
    return nullptr;
}

}  // namespace

std::optional<Compression> compression_of(std::string_view name) {
    const auto* suffix = suffix_of(name);
    return suffix == nullptr ? std::nullopt : std::optional{suffix->kind};
}

std::string_view without_compression(std::string_view name) {
    const auto* suffix = suffix_of(name);
    return suffix == nullptr ? name : name.substr(0, name.size() - suffix->text.size());
}

Decompressor::Decompressor(Compression kind, Source source)
    : codec_(make_codec(kind)), source_(std::move(source)), buffer_(kInput) {}

/// False at the end of the compressed bytes.
Result<bool> Decompressor::fill() {
    if (!input_.empty()) return true;
    const auto count = source_(buffer_, fetched_);
    if (!count) return std::unexpected(count.error());
    fetched_ += *count;
    input_ = {buffer_.data(), *count};
    return *count > 0;
}

Result<std::size_t> Decompressor::read(std::span<char> out) {
    if (failed_) return fail(ErrorCode::data, "its compressed data are damaged");
    const auto room = out.size();
    while (out.size() == room && room > 0) {
        // A codec may hold content back though its input is used up, so it is asked all the same.
        const auto more = fill();
        if (!more) return std::unexpected(more.error());
        if (!*more && between_members_) return 0;
        const auto before = input_.size() + out.size();
        if (*more) between_members_ = false;
        const auto outcome = codec_->decode(input_, out);
        const bool stuck = *more && input_.size() + out.size() == before;
        failed_ = outcome == Codec::Outcome::corrupt || (stuck && outcome == Codec::Outcome::more);
        if (outcome == Codec::Outcome::ended) {
            between_members_ = true;
            if (auto again = codec_->restart(); !again) return std::unexpected(again.error());
        }
        if (failed_ || (!*more && out.size() == room)) break;
    }
    produced_ += room - out.size();
    if (produced_ > kFree && produced_ / kLargestRatio > consumed()) failed_ = true;
    if (failed_ && out.size() == room)
        return fail(ErrorCode::data, "its compressed data are damaged after {} bytes of content",
                    produced_);
    return room - out.size();
}

}  // namespace kentongan::log
