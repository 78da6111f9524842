#pragma once
// Finds the packets of a conversation among what was recorded.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "daemon/base/error.hpp"
#include "daemon/base/ip.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::packet::ring {

struct PacketQuery {
    IpAddress one;                            ///< either end
    std::optional<IpAddress> other{};         ///< the other end
    std::optional<std::uint16_t> one_port{};  ///< asked of packets that have ports
    std::optional<std::uint16_t> other_port{};
    Timestamp from = Timestamp::min();
    Timestamp to = Timestamp::max();  ///< inclusive
    std::size_t most_bytes = std::size_t{64} << 20;
};

struct FoundPackets {
    std::string pcapng;
    std::size_t packets = 0;
    bool cut = false;             ///< there were more than most_bytes
    std::size_t blocks_read = 0;  ///< of those recorded
    std::size_t blocks_lost = 0;  ///< removed meanwhile, or damaged
};

/// Of all sources recorded in `folder`, source by source, each in the order recorded. Blocking.
[[nodiscard]] Result<FoundPackets> find_packets(const std::filesystem::path& folder,
                                                const PacketQuery& query);

}  // namespace kentongan::packet::ring
