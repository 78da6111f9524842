#pragma once
// SHA-256 by OpenSSL (which uses the processor's SHA instructions), and the texts made of it.
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/base/bytes.hpp"

struct evp_md_ctx_st;

namespace kentongan {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// Incremental SHA-256. Not thread-safe; reusable after finish().
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept = default;
    Sha256& operator=(Sha256&&) noexcept = default;

    void update(Bytes bytes);
    void update(std::string_view text) { update(as_bytes(text)); }
    [[nodiscard]] Sha256Digest finish();
    /// What finish() would give now; updates may go on.
    [[nodiscard]] Sha256Digest so_far() const;

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

[[nodiscard]] Sha256Digest sha256(Bytes bytes);
[[nodiscard]] std::string to_hex(Bytes bytes);
/// Lower-case hex of the SHA-256 of `text`.
[[nodiscard]] std::string sha256_hex(std::string_view text);

[[nodiscard]] std::string to_base64(Bytes bytes);
/// Empty when `text` is not base64.
[[nodiscard]] std::string from_base64(std::string_view text);

}  // namespace kentongan
