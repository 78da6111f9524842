#include "collectors/packet/ring/pcapng.hpp"

#include <pcap/dlt.h>

#include <bit>
#include <cstring>

namespace kentongan::packet::ring {

namespace {

constexpr std::uint32_t kSection = 0x0A0D0D0A;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrder = 0x1A2B3C4D;
constexpr std::uint16_t kResolution = 9;  // if_tsresol
constexpr int kRawLinktype = 101;         // DLT_RAW differs between systems, its LINKTYPE_ does not
constexpr std::size_t kSmallest = 12;     // a block without a body
constexpr std::size_t kPacketHead = 28;   // of an enhanced packet block, before the bytes

template <class Number>
void put(std::string& out, Number number) {
    static_assert(std::endian::native == std::endian::little);
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
    Number out{};
    std::memcpy(&out, bytes.data() + at, sizeof out);
    return out;
}

CapturedPacket packet_in(std::string_view block, int linktype) {
    const std::uint64_t time = std::uint64_t{number_at<std::uint32_t>(block, 12)} << 32 |
                               number_at<std::uint32_t>(block, 16);
    CapturedPacket out;
    out.linktype = linktype;
    out.time = from_nanoseconds(static_cast<std::int64_t>(time));
    const auto captured = number_at<std::uint32_t>(block, 20);
    out.bytes = as_bytes(block.substr(kPacketHead, captured));
    out.wire_bytes = number_at<std::uint32_t>(block, 24);
    return out;
}

}  // namespace

void append_section(std::string& out, int linktype) {
    put(out, kSection);
    put(out, std::uint32_t{28});
    put(out, kByteOrder);
    put(out, std::uint16_t{1});  // version 1.0
    put(out, std::uint16_t{0});
    put(out, std::int64_t{-1});  // length not stated
    put(out, std::uint32_t{28});
    put(out, kInterface);
    put(out, std::uint32_t{32});
    put(out, static_cast<std::uint16_t>(linktype == DLT_RAW ? kRawLinktype : linktype));
    put(out, std::uint16_t{0});
    put(out, std::uint32_t{262144});  // snap length
    put(out, kResolution);
    put(out, std::uint16_t{1});
    put(out, std::uint32_t{9});  // nanoseconds, padded
    put(out, std::uint32_t{0});  // end of options
    put(out, std::uint32_t{32});
}

void append_packet(std::string& out, const CapturedPacket& packet) {
    const auto size = static_cast<std::uint32_t>(packet_block_bytes(packet.bytes.size()));
    const auto time = static_cast<std::uint64_t>(to_nanoseconds(packet.time));
    put(out, kEnhancedPacket);
    put(out, size);
    put(out, std::uint32_t{0});  // interface
    put(out, static_cast<std::uint32_t>(time >> 32));
    put(out, static_cast<std::uint32_t>(time));
    put(out, static_cast<std::uint32_t>(packet.bytes.size()));
    put(out, static_cast<std::uint32_t>(packet.wire_bytes));
    out.append(reinterpret_cast<const char*>(packet.bytes.data()), packet.bytes.size());
    out.append(size - 32 - packet.bytes.size(), '\0');
    put(out, size);
}

bool for_each_packet(
    std::string_view sections,
    const std::function<void(const CapturedPacket&, std::string_view block)>& each) {
    int linktype = -1;
    while (!sections.empty()) {
        if (sections.size() < kSmallest) return false;
        const auto type = number_at<std::uint32_t>(sections, 0);
        const std::size_t size = number_at<std::uint32_t>(sections, 4);
        if (size < kSmallest || size % 4 != 0 || size > sections.size()) return false;
        const std::string_view block = sections.substr(0, size);
        sections.remove_prefix(size);
        if (type == kSection) linktype = -1;
        if (type == kInterface) {
            if (size < 20) return false;
            linktype = number_at<std::uint16_t>(block, 8);
            if (linktype == kRawLinktype) linktype = DLT_RAW;
        }
        if (type != kEnhancedPacket) continue;
        if (linktype < 0 || size < kPacketHead + 4 ||
            number_at<std::uint32_t>(block, 20) > size - kPacketHead - 4)
            return false;
        each(packet_in(block, linktype), block);
    }
    return true;
}

}  // namespace kentongan::packet::ring
