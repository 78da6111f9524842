#pragma once
// Pseudonyms: names for what must not leave, that are the same for the same thing under one key and
// tell nothing without it.
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"

namespace kentongan {

/// A secret with the name under which its pseudonyms are known. Immutable.
class PseudonymKey {
  public:
    /// `k3:BASE64`, one a line, 16 bytes or more each; lines that are empty or start with # are
    /// skipped. The last one is used: to change the key add a line, and keep the old ones for who
    /// has to resolve old messages. Errors (config) never show what was found.
    [[nodiscard]] static Result<PseudonymKey> parse(std::string_view text);
    /// The same from a file, which others may not read.
    [[nodiscard]] static Result<PseudonymKey> load(const std::string& path);
    /// A key that nobody keeps: what is exported with it cannot be joined with another export.
    [[nodiscard]] static PseudonymKey generate();

    /// "NIK#k3:" and 16 hex digits: the first 8 bytes of HMAC-SHA256 over kind, a zero byte, value.
    [[nodiscard]] std::string name(std::string_view kind, std::string_view value) const;
    [[nodiscard]] const std::string& id() const { return id_; }

  private:
    PseudonymKey(std::string id, std::string secret)
        : id_(std::move(id)), secret_(std::move(secret)) {}
    std::string id_;
    std::string secret_;
};

/// By agency; an agency without one gets masks where a pseudonym is asked for.
using PseudonymKeys = std::map<std::string, std::shared_ptr<const PseudonymKey>, std::less<>>;

}  // namespace kentongan
