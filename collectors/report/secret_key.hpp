#pragma once
// The installation's key, and what is made with it: pseudonyms of senders, seals of challenges,
// tickets and their secrets.
#include <filesystem>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"

namespace kentongan::report {

class SecretKey {
  public:
    /// Reads the key, or makes one of 32 random bytes when there is none (mode 0600).
    [[nodiscard]] static Result<SecretKey> open(const std::filesystem::path& file);
    explicit SecretKey(std::string bytes) : bytes_(std::move(bytes)) {}

    /// The first `digits` (at most 64) of the HMAC-SHA256 of both, in hex. `purpose` has no
    /// newline.
    [[nodiscard]] std::string seal(std::string_view purpose, std::string_view text,
                                   std::size_t digits) const;

  private:
    std::string bytes_;
};

/// Never predictable. Error (internal) when the system gives none.
[[nodiscard]] Result<std::string> random_bytes(std::size_t count);

/// "KT-7Q2M-9XKD", 40 bits, and "4F9K-T2WQ-81MZ-C6XH", 80 bits, in Crockford's base 32.
[[nodiscard]] Result<std::string> new_ticket();
[[nodiscard]] Result<std::string> new_secret();
/// As people type it: case, blanks and dashes do not matter, nor O for 0, I and L for 1.
[[nodiscard]] std::string normal_code(std::string_view typed);

/// Takes the same time whatever differs.
[[nodiscard]] bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace kentongan::report
