#pragma once
// IP packets that came in fragments, until they are whole.
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "collectors/packet/decode_layers.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::packet {

/// Of bytes that come twice the first copy counts. Memory is bounded: past a limit the packet that
/// was begun first is let go. Single-threaded; times must not go backwards.
class FragmentTable {
  public:
    struct Limits {
        std::size_t packets = 4096;
        std::size_t bytes = std::size_t{8} << 20;  ///< over all packets, with what they cost
        std::size_t fragments = 256;               ///< of one packet
        Duration time = std::chrono::seconds{30};  ///< from a packet's first fragment
    };

    FragmentTable() : FragmentTable(Limits{}) {}
    explicit FragmentTable(Limits limits) : limits_(limits) {}

    struct Added {
        Transport whole;  ///< present once the packet is; points into the table till the next call
        bool conflict = false;  ///< the fragment contradicts what was there
        bool refused = false;   ///< it can be a part of no packet, or was cut by the capture
    };
    /// `of` has the addresses of the packet that `fragment` is a part of.
    [[nodiscard]] Added add(const Decoded& of, const Transport& fragment, Timestamp now);

    /// No more fragments come: those that wait are let go.
    void finish();

    /// Fragments that were let go since the last call.
    [[nodiscard]] std::uint64_t take_lost() { return std::exchange(lost_, 0); }
    [[nodiscard]] std::size_t size() const { return packets_.size(); }
    [[nodiscard]] std::size_t held_bytes() const { return held_; }

  private:
    using Key = std::tuple<IpAddress, IpAddress, std::uint64_t, std::uint32_t, std::uint8_t>;
    struct Packet {
        std::map<std::uint32_t, std::string> parts;  // by offset; never overlapping
        std::uint32_t end = 0;                       // 0: the last fragment was not seen
        std::uint32_t fragments = 0;
        std::uint32_t bytes = 0;  // of parts
        bool conflict = false;    // told already
        Timestamp first{};
        std::list<Key>::iterator age;
    };
    /// What a packet and a part cost besides their bytes.
    static constexpr std::size_t kOverhead = 256;
    static constexpr std::size_t kPartOverhead = 96;

    bool put(Packet& packet, std::uint32_t at, Bytes data);
    void let_go(std::map<Key, Packet>::iterator packet, bool lost);
    void shed(Timestamp now);
    [[nodiscard]] Transport join(const Key& key, const Packet& packet);

    Limits limits_;
    std::map<Key, Packet> packets_;  // ordered: no hash for a sender to aim at
    std::list<Key> ages_;            // begun first is first
    std::string whole_;
    std::size_t held_ = 0;
    std::uint64_t lost_ = 0;
};

}  // namespace kentongan::packet
