#pragma once
// Which autonomous system an address belongs to, from a file that the operator brings.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/base/ip.hpp"

namespace kentongan::anomaly {

/// Immutable once read; asked from any thread. 36 bytes a range.
class AsnTable {
  public:
    static constexpr std::size_t kRanges = 1'500'000;

    /// Lines of "first TAB last TAB number TAB ..." as iptoasn.com has them, or "network,number"
    /// ("203.0.113.0/24,64500", the number also as AS64500); empty ones and those that begin with #
    /// are left out, and so is number 0 (not routed). Of ranges that hold an address the one that
    /// begins last counts. An error names the file and the line.
    [[nodiscard]] static Result<AsnTable> parse(std::string_view text, std::string_view file);

    /// 0 when none is known.
    [[nodiscard]] std::uint32_t of(const IpAddress& address) const;
    [[nodiscard]] std::size_t size() const { return ranges_.size(); }

  private:
    struct Range {
        IpAddress first;
        IpAddress last;
        std::uint32_t number = 0;
    };
    static std::optional<Range> read_line(std::string_view line);

    std::vector<Range> ranges_;  // by first, then wider ones before
};

/// "AS7713" or "7713"; nothing for what is none.
[[nodiscard]] std::optional<std::uint32_t> parse_asn(std::string_view text);

}  // namespace kentongan::anomaly
