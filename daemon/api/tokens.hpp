#pragma once
// The bearer tokens the API accepts, kept as SHA-256 hashes.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/digest.hpp"
#include "daemon/base/error.hpp"

namespace kentongan::api {

class Tokens {
  public:
    static constexpr std::size_t kShortest = 16;
    static constexpr std::size_t kLongest = 256;
    static constexpr std::size_t kMost = 1000;

    /// One token a line of 16 to 256 visible ASCII characters; empty lines and lines that begin
    /// with # are skipped. Errors: no_input, permission, config with file and line.
    [[nodiscard]] static Result<Tokens> read(const std::string& file);

    void add(std::string_view token) { hashes_.push_back(sha256(as_bytes(token))); }
    /// Of an Authorization header's value, `Bearer TOKEN` (RFC 6750). The time it takes does not
    /// depend on how much of a token is right, or on which one it is.
    [[nodiscard]] bool accept(std::string_view authorization) const;
    [[nodiscard]] bool empty() const { return hashes_.empty(); }

  private:
    std::vector<Sha256Digest> hashes_;
};

}  // namespace kentongan::api
