#pragma once
// Reads what gzip, zstd, xz or bzip2 wrote, from its start to its end in bounded memory.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan::log {

enum class Compression : std::uint8_t { gzip, zstd, xz, bzip2 };

/// By the end of a file's name: .gz, .zst, .xz, .bz2.
[[nodiscard]] std::optional<Compression> compression_of(std::string_view name);
/// The name without that end.
[[nodiscard]] std::string_view without_compression(std::string_view name);

/// One library's stream decoder.
class Codec {
  public:
    enum class Outcome : std::uint8_t {
        more,     ///< used up what it was given, or filled what it was given room for
        ended,    ///< at the end of a member; another may follow
        corrupt,  ///< not such data
    };
    virtual ~Codec() = default;
    /// Takes from the front of `in` and fills from the front of `out`; both shrink.
    [[nodiscard]] virtual Outcome decode(std::span<const char>& in, std::span<char>& out) = 0;
    [[nodiscard]] virtual Result<> restart() = 0;
};
/// Memory: at most 128 MiB, which zstd and xz need for their largest common windows.
[[nodiscard]] std::unique_ptr<Codec> make_codec(Compression kind);

/// Several members in a row are one content. A bomb is refused: past 256 MiB, content may be at
/// most 1,000 times what it was made from.
class Decompressor {
  public:
    /// Compressed bytes at an offset into `out`; 0 at the end.
    using Source = std::function<Result<std::size_t>(std::span<char> out, std::uint64_t offset)>;

    Decompressor(Compression kind, Source source);

    /// The next bytes of the content; 0 at its end, and where the compressed bytes end for now.
    /// Errors (data): not compressed so, or a bomb.
    [[nodiscard]] Result<std::size_t> read(std::span<char> out);
    [[nodiscard]] std::uint64_t position() const { return produced_; }
    /// Of the compressed bytes: how many were taken in.
    [[nodiscard]] std::uint64_t consumed() const { return fetched_ - input_.size(); }
    /// The compressed bytes, and there were some, ended with a whole member.
    [[nodiscard]] bool complete() const { return between_members_ && fetched_ > 0; }

  private:
    Result<bool> fill();

    std::unique_ptr<Codec> codec_;
    Source source_;
    std::vector<char> buffer_;
    std::span<const char> input_;  // in buffer_, not decoded yet
    std::uint64_t fetched_ = 0;
    std::uint64_t produced_ = 0;
    bool between_members_ = true;
    bool failed_ = false;
};

}  // namespace kentongan::log
