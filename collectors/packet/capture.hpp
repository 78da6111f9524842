#pragma once
// libpcap behind a small door: a file or an interface, opened with a filter, read in batches.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "collectors/packet/options.hpp"
#include "collectors/packet/sensor.hpp"
#include "daemon/base/error.hpp"

struct pcap;

namespace kentongan::packet {

/// Drops since the capture was opened, modulo 2^32 as libpcap counts them.
struct CaptureDrops {
    std::uint32_t kernel = 0;
    std::uint32_t nic = 0;
};

/// One open capture. Single-threaded.
class Capture {
  public:
    /// One file, which may be compressed. no_input: cannot be opened; data: not a capture file;
    /// config: the filter.
    [[nodiscard]] static Result<Capture> open_file(const Options& options);
    /// Non-blocking. no_input: no such interface; permission; config: the filter; temporary: the
    /// interface is down.
    [[nodiscard]] static Result<Capture> open_live(const Options& options);

    struct Batch {
        int packets = 0;
        bool ended = false;   ///< a file's end; a live capture's failure
        std::string failure;  ///< why, empty at a good end
    };
    /// Up to `limit` packets. The bytes are good during the call of `each` only. A live capture
    /// answers at once, with 0 packets when there are none.
    template <class Each>
    [[nodiscard]] Batch read(int limit, Each&& each) {
        return read_with(limit, std::ref(each));
    }

    [[nodiscard]] CaptureDrops drops() const;
    /// To wait on; belongs to the capture.
    [[nodiscard]] int descriptor() const;

  private:
    using Each = std::function<void(const CapturedPacket&)>;
    struct Close {
        void operator()(pcap* handle) const;
    };
    using Handle = std::unique_ptr<pcap, Close>;

    Capture(Handle handle, bool live);
    [[nodiscard]] Batch read_with(int limit, const Each& each);
    [[nodiscard]] Batch read_file(int limit, const Each& each);
    [[nodiscard]] Batch read_live(int limit, const Each& each);
    [[nodiscard]] static Result<> set_filter(pcap* handle, const std::string& object,
                                             const std::string& filter);

    Handle handle_;
    int linktype_ = 0;
    bool live_ = false;
    bool nanoseconds_ = false;
};

}  // namespace kentongan::packet
