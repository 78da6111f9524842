#pragma once
// The bearer tokens the API accepts, kept as SHA-256 hashes, and whose each one is.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/api/roles.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/error.hpp"

namespace kentongan::api {

class Tokens {
  public:
    static constexpr std::size_t kShortest = 16;
    static constexpr std::size_t kLongest = 256;
    static constexpr std::size_t kMost = 1000;
    static constexpr std::size_t kLongestName = 64;

    /// One line each: `NAME ROLE TOKEN`, or a TOKEN alone, whose owner is "token" and may all; or
    /// `NAME ROLE certificate`, for a machine that shows a certificate of this common name. A
    /// token is 16 to 256 visible ASCII characters; empty lines and lines that begin with # are
    /// skipped. Errors: no_input, permission, config with file and line.
    [[nodiscard]] static Result<Tokens> read(const std::string& file);

    void add(std::string_view token, Identity owner = {.name = "token"}) {
        known_.push_back({sha256(as_bytes(token)), std::move(owner)});
    }
    /// Whose an Authorization header's value, `Bearer TOKEN` (RFC 6750), is. The time it takes does
    /// not depend on how much of a token is right, or on which one it is.
    [[nodiscard]] std::optional<Identity> accept(std::string_view authorization) const;
    /// The machine whose certificate has this common name.
    [[nodiscard]] std::optional<Identity> of_certificate(std::string_view name) const;
    [[nodiscard]] bool empty() const { return known_.empty() && machines_.empty(); }

  private:
    struct Known {
        Sha256Digest hash;
        Identity owner;
    };
    [[nodiscard]] Result<> add_line(std::string_view line);
    std::vector<Known> known_;
    std::vector<Identity> machines_;
};

/// The TOKEN of a line of a token file; what the command line sends.
[[nodiscard]] std::string_view token_in(std::string_view line);

}  // namespace kentongan::api
