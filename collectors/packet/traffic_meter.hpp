#pragma once
// Counts the current second of packet time for the detectors of floods and scans.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/packet/decode.hpp"
#include "collectors/packet/destination_meter.hpp"
#include "collectors/packet/distinct_sources.hpp"
#include "daemon/event/traffic.hpp"

namespace kentongan::packet {

/// One second at a time: close() before counting in a later one. Of a second with more services
/// than TrafficSecond holds, those with the most SYNs are told, out of the first 8,192 seen.
class TrafficMeter {
  public:
    static constexpr std::size_t kTrackedServices = 8192;
    static constexpr std::size_t kServices = 1024;
    static constexpr std::size_t kAttempts = 4096;

    /// `source`: interned name of the capture. `seed` keys the tables; no output depends on it but
    /// for answers that pass for solicited by a chance collision.
    TrafficMeter(std::string_view source, std::uint64_t seed);

    /// Ends the open second when `now` is past it; nothing when it held nothing.
    [[nodiscard]] std::optional<TrafficSecond> close_before(Timestamp now);
    /// Ends the open second whatever the time is.
    [[nodiscard]] std::optional<TrafficSecond> close();

    /// Start of the open second.
    [[nodiscard]] Timestamp second() const { return open_.second; }

    void packet(const Decoded& packet, std::size_t wire_bytes) {
        ++open_.packets;
        open_.bytes += wire_bytes;
        destinations_.packet(packet, wire_bytes, open_.second);
    }
    /// `tuple` runs from the connecting side to the service.
    void syn(const Tuple& tuple);
    void completed(const Tuple& tuple);
    void ended(const Tuple& tuple);
    void attempt(const Tuple& tuple, bool succeeded);
    /// An attempt that had to be forgotten before its outcome.
    void forgotten() { ++open_.left_out; }

  private:
    struct Tracked {
        TrafficSecond::Service service;
        DistinctSources sources;
    };

    Tracked* find(const Tuple& tuple);
    [[nodiscard]] std::vector<TrafficSecond::Service> take_services();
    void begin(Timestamp now);
    [[nodiscard]] std::size_t slot_of(const Tuple& tuple) const;

    std::uint64_t seed_;
    TrafficSecond open_;
    Timestamp end_{std::chrono::seconds{1}};
    std::vector<Tracked> tracked_;  // the first used_ are in use; kept for their memory
    std::size_t used_ = 0;
    DestinationMeter destinations_;
    std::vector<std::uint16_t> slots_;  // open addressing: index into tracked_ + 1, 0 for empty
};

}  // namespace kentongan::packet
