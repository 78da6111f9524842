#pragma once
// Takes Zeek's records from kentongan-broker-bridge over a Unix socket.
#include <chrono>
#include <string>

#include "collectors/collector.hpp"
#include "collectors/zeek/frame.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::zeek {

struct BridgeOptions {
    std::string socket;       ///< path; see [zeek] socket
    unsigned mode = 0660;     ///< of the socket: who may connect
    std::size_t bridges = 8;  ///< connections at once; a further one is refused
    std::size_t frame_bytes = kFrameCap;
    std::chrono::seconds lost_after{30};    ///< absence of a peer that makes a notice
    std::chrono::seconds silent_after{60};  ///< a bridge that says nothing this long is dropped
    std::chrono::milliseconds tick{500};    ///< between flushes when nothing comes
    std::chrono::seconds settle{2};         ///< how far the watermark is behind the clock
};

/// Everything from the socket is hostile: what is no frame ends the connection, what is no record
/// is counted. A full pipeline makes the bridges wait; they count what they then have to drop.
class BridgeCollector final : public Collector {
  public:
    using Options = BridgeOptions;

    /// `metrics` and `clock` must outlive it.
    BridgeCollector(std::string name, Options options, Metrics& metrics, const Clock& clock);

    [[nodiscard]] std::string_view name() const override { return name_; }
    /// Runs until cancelled, then hands on what it holds and removes the socket. Fails when the
    /// socket cannot be made.
    [[nodiscard]] Task<Result<>> run(EventSink& sink) override;

  private:
    std::string name_;
    Options options_;
    Metrics& metrics_;
    const Clock& clock_;
};

}  // namespace kentongan::zeek
