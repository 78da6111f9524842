#pragma once
// Counts of one second by destination: bytes of each network, and answers nobody asked for.
#include <array>
#include <cstdint>
#include <vector>

#include "collectors/packet/decode.hpp"
#include "daemon/event/traffic.hpp"

namespace kentongan::packet {

/// Ports of UDP services that answer with more than they are asked (US-CERT TA14-017A).
inline constexpr std::array<std::uint16_t, 10> kReflectingPorts{19,  53,   111,  123,  161,
                                                                389, 1900, 3702, 5683, 11211};

/// Fixed memory: 2,048 networks, 512 victims and 512 clients of amplifiers a second, what finds no
/// place is left out and counted; queries, those of DNS with their id, are remembered for 10 to 20
/// seconds in two bitmaps of 2^18 bits. Where a bitmap fills, some unsolicited answers pass for
/// solicited, never the other way round. Not thread-safe; no allocation after construction but for
/// what take() hands out.
class DestinationMeter {
  public:
    static constexpr std::size_t kPrefixes = 512;
    static constexpr std::size_t kReflections = 256;
    static constexpr std::size_t kAmplifiers = 256;

    explicit DestinationMeter(std::uint64_t seed);

    /// An IP packet, at the second that is open.
    void packet(const Decoded& packet, std::size_t wire_bytes, Timestamp second);
    /// Moves the counts of the second into `out` and begins anew.
    void take(TrafficSecond& out);

  private:
    static constexpr std::size_t kTrackedPrefixes = 2048;
    static constexpr std::size_t kTrackedVictims = 512;
    static constexpr std::size_t kTrackedAmplifiers = 512;
    static constexpr std::size_t kQueryBits = std::size_t{1} << 18;

    struct Network {
        TrafficSecond::Prefix counts;
        std::uint64_t hosts = 0;  // one bit for each of 64 classes of address
    };
    struct Victim {
        TrafficSecond::Reflection counts;
        std::uint64_t reflectors = 0;
    };

    void count_network(const Tuple& tuple, std::size_t bytes);
    void count_udp(const Decoded& packet, std::size_t bytes);
    void count_query(const Decoded& query);
    void count_answer(const Decoded& answer);
    void count_victim(const Decoded& packet, std::size_t bytes, bool unsolicited);
    TrafficSecond::Amplifier* amplifier(const IpAddress& server, std::uint16_t port,
                                        const IpAddress& client, bool make);
    [[nodiscard]] bool was_asked(const Decoded& answer) const;
    [[nodiscard]] std::size_t query_bit(const IpAddress& server, std::uint16_t server_port,
                                        const IpAddress& client, std::uint16_t port,
                                        std::uint16_t id) const;
    void take_prefixes(TrafficSecond& out);
    void take_reflections(TrafficSecond& out);
    void take_amplifiers(TrafficSecond& out);
    void rotate(Timestamp second);

    std::uint64_t seed_;
    std::vector<Network> networks_;
    std::vector<std::uint16_t> network_slots_;  // index + 1, 0 for empty
    std::vector<Victim> victims_;
    std::vector<std::uint16_t> victim_slots_;
    std::vector<TrafficSecond::Amplifier> amplifiers_;
    std::vector<std::uint16_t> amplifier_slots_;
    std::array<std::vector<std::uint64_t>, 2> queries_;  // the newer one first
    Timestamp rotated_{};
    std::uint64_t left_out_ = 0;
};

}  // namespace kentongan::packet
