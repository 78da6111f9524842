#pragma once
// The part of the pcapng format that the ring writes and reads: sections of one interface with
// enhanced packet blocks, little endian, times in nanoseconds
// (draft-ietf-opsawg-pcapng, sections 4.1 to 4.3).
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "collectors/packet/sensor.hpp"

namespace kentongan::packet::ring {

/// Begins a section for packets of one link type (a DLT_ value, which is its LINKTYPE_ here).
void append_section(std::string& out, int linktype);
void append_packet(std::string& out, const CapturedPacket& packet);
/// What append_packet() adds for a packet with so many captured bytes.
[[nodiscard]] constexpr std::size_t packet_block_bytes(std::size_t captured) {
    return 32 + (captured + 3) / 4 * 4;
}

/// Calls each(packet, block) for every packet of sections as written above; `block` is all of its
/// block. Views into `sections`. False when the bytes are damaged: what came before was told.
[[nodiscard]] bool for_each_packet(
    std::string_view sections,
    const std::function<void(const CapturedPacket&, std::string_view block)>& each);

}  // namespace kentongan::packet::ring
