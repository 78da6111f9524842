#pragma once
// The lane's side of the ring: copies packets into blocks and hands these to a scan thread. It
// never waits: while the disk is slow or full, packets are not recorded, and counted.
#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "collectors/packet/ring/segment_writer.hpp"
#include "collectors/packet/sensor.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::packet::ring {

/// Lives on the capture's lane.
class Recorder {
  public:
    static constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
    static constexpr std::size_t kMostBlocks = 16;  ///< in memory at once

    /// `scan`: where blocks are compressed and written, one after the other. `interface`: the label
    /// of its metrics.
    Recorder(SegmentWriter::Options options, boost::asio::any_io_executor scan, Metrics& metrics,
             std::string_view interface);
    /// What was handed over is still written, as long as `scan` runs.
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// The number of its bytes must be below 512 KiB, as all that libpcap gives.
    void packet(const CapturedPacket& packet);
    /// Hands over what has been copied, so that a search finds it soon.
    void flush();

  private:
    struct Block;
    struct Shared;

    bool begin(int linktype);

    boost::asio::any_io_executor scan_;
    std::shared_ptr<Shared> shared_;
    std::unique_ptr<Block> block_;
    Counter shed_;
};

}  // namespace kentongan::packet::ring
