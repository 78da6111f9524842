// Ranges of addresses in order, found by halving.
#include "daemon/detect/anomaly/flood/asn_table.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "daemon/base/text.hpp"

namespace kentongan::anomaly {

namespace {

constexpr std::size_t kNested = 16;  // ranges looked at before the one that begins last

std::string_view take_until(std::string_view& text, char mark) {
    const std::size_t end = text.find(mark);
    const std::string_view out = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return out;
}

IpAddress last_of(const IpNetwork& network) {
    std::array<std::uint8_t, 16> bytes = network.base().bytes();
    for (unsigned bit = network.bits(); bit < 128; ++bit)
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | 0x80u >> (bit % 8));
    return IpAddress{bytes};
}

}  // namespace

std::optional<std::uint32_t> parse_asn(std::string_view text) {
    if (text.starts_with("AS") || text.starts_with("as")) text.remove_prefix(2);
    return parse_number<std::uint32_t>(text);
}

std::optional<AsnTable::Range> AsnTable::read_line(std::string_view line) {
    const char mark = line.find('\t') != std::string_view::npos ? '\t' : ',';
    const std::string_view begin = take_until(line, mark);
    Range out;
    if (begin.find('/') != std::string_view::npos) {
        const auto network = IpNetwork::parse(begin);
        if (!network) return std::nullopt;
        out.first = network->base();
        out.last = last_of(*network);
    } else {
        const auto first = IpAddress::parse(begin);
        const auto last = IpAddress::parse(take_until(line, mark));
        if (!first || !last || *last < *first) return std::nullopt;
        out.first = *first;
        out.last = *last;
    }
    const auto number = parse_asn(take_until(line, mark));
    if (!number) return std::nullopt;
    out.number = *number;
    return out;
}

Result<AsnTable> AsnTable::parse(std::string_view text, std::string_view file) {
    AsnTable out;
    for (std::size_t at = 1; !text.empty(); ++at) {
        std::string_view line = take_until(text, '\n');
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        const auto range = read_line(line);
        if (!range)
            return fail(ErrorCode::data,
                        "{}:{}: \"first TAB last TAB number\" or \"network,number\" is expected",
                        file, at);
        if (range->number == 0) continue;
        if (out.ranges_.size() == kRanges)
            return fail(ErrorCode::data, "{}:{}: more than {} ranges; leave some out", file, at,
                        kRanges);
        out.ranges_.push_back(*range);
    }
    std::ranges::sort(out.ranges_, [](const Range& a, const Range& b) {
        return std::tie(a.first, b.last, a.number) < std::tie(b.first, a.last, b.number);
    });
    out.ranges_.shrink_to_fit();
    return out;
}

std::uint32_t AsnTable::of(const IpAddress& address) const {
    auto at = std::ranges::upper_bound(ranges_, address, {}, &Range::first);
    for (std::size_t i = 0; i < kNested && at != ranges_.begin(); ++i)
        if (!((--at)->last < address)) return at->number;
    return 0;
}

}  // namespace kentongan::anomaly
