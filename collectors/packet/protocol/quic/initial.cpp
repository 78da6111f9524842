#include "collectors/packet/protocol/quic/initial.hpp"

#include <algorithm>

namespace kentongan::packet::quic {

namespace {

constexpr std::uint32_t kVersion1 = 1;
constexpr std::uint32_t kVersion2 = 0x6b3343cf;
constexpr std::size_t kLongestId = 20;

/// A number whose first two bits say its width (RFC 9000, section 16).
std::uint64_t varint(ByteReader& in) {
    const std::uint8_t first = in.u8();
    std::uint64_t value = first & 0x3Fu;
    for (const std::uint8_t byte : in.take((std::size_t{1} << (first >> 6)) - 1))
        value = value << 8 | byte;
    return value;
}

bool is_initial(std::uint8_t first, std::uint32_t version) {
    const unsigned type = first >> 4 & 0x3;
    return (first & 0xC0) == 0xC0 && type == (version == kVersion2 ? 1u : 0u);
}

/// ACK: how far, how late, ranges, and with its second type three counts (RFC 9000, 19.3).
bool pass_over_acknowledgement(ByteReader& in, bool with_counts) {
    constexpr std::uint64_t kMostRanges = 256;
    (void)varint(in);
    (void)varint(in);
    const std::uint64_t ranges = varint(in);
    if (ranges > kMostRanges) return false;
    const std::uint64_t numbers = 1 + 2 * ranges + (with_counts ? 3 : 0);
    for (std::uint64_t i = 0; i < numbers && in.ok(); ++i) (void)varint(in);
    return in.ok();
}

/// Takes one frame off; false when it is none that an Initial packet may hold.
bool take_frame(ByteReader& in, std::vector<CryptoPart>& out) {
    constexpr std::uint64_t kLargestPart = 65536;
    const std::uint8_t type = in.u8();
    switch (type) {
        case 0x00:  // padding
        case 0x01:  // ping
            return true;
        case 0x02:
        case 0x03:
            return pass_over_acknowledgement(in, type == 0x03);
        case 0x06: {
            CryptoPart part;
            part.offset = varint(in);
            const std::uint64_t size = varint(in);
            part.data = in.take(static_cast<std::size_t>(std::min(size, kLargestPart)));
            if (in.ok()) out.push_back(part);
            return in.ok();
        }
        case 0x1C:  // the connection is closed: nothing of use follows
            in.skip(in.rest().size());
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string_view version_name(std::uint32_t version) {
    if (version == kVersion1) return "1";
    return version == kVersion2 ? "2" : std::string_view{};
}

std::optional<Initial> parse_initial(Bytes datagram) {
    ByteReader in(datagram);
    Initial out;
    const std::uint8_t first = in.u8();
    out.version = in.u32();
    if (!in.ok() || version_name(out.version).empty() || !is_initial(first, out.version))
        return std::nullopt;
    out.destination = in.take(in.u8());
    out.source = in.take(in.u8());
    const std::uint64_t token = varint(in);
    in.skip(static_cast<std::size_t>(std::min<std::uint64_t>(token, datagram.size() + 1)));
    const std::uint64_t size = varint(in);
    if (!in.ok() || size > in.rest().size() || out.destination.size() > kLongestId ||
        out.source.size() > kLongestId)
        return std::nullopt;
    out.number_offset = datagram.size() - in.rest().size();
    out.packet = datagram.first(out.number_offset + static_cast<std::size_t>(size));
    return out;
}

std::optional<std::vector<CryptoPart>> crypto_parts(Bytes frames) {
    std::vector<CryptoPart> out;
    ByteReader in(frames);
    while (!in.rest().empty() && out.size() <= kMostParts)
        if (!take_frame(in, out)) return std::nullopt;
    return out;
}

}  // namespace kentongan::packet::quic
