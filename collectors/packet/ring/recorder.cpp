#include "collectors/packet/ring/recorder.hpp"

#include <boost/asio/post.hpp>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "collectors/packet/ring/pcapng.hpp"
#include "daemon/base/logging.hpp"

namespace kentongan::packet::ring {

struct Recorder::Block {
    std::string sections;
    std::uint64_t packets = 0;
    int linktype = -1;
};

/// What lane and scan threads share; it outlives the recorder while blocks are being written.
struct Recorder::Shared {
    Shared(SegmentWriter::Options options, Metrics& metrics, std::string_view interface)
        : writer(std::move(options)),
          recorded(metrics.capture_ring_packets.with({interface})),
          failed(metrics.capture_ring_shed.with({interface, "disk"})),
          bytes(metrics.capture_ring_bytes.with({interface})) {}

    /// One scan thread at a time.
    void write_all() {
        for (;;) {
            std::unique_ptr<Block> block;
            {
                const std::scoped_lock lock(mutex);
                if (full.empty()) {
                    writing = false;
                    return;
                }
                block = std::move(full.front());
                full.pop_front();
            }
            write(*block);
            block->sections.clear();
            block->packets = 0;
            const std::scoped_lock lock(mutex);
            free.push_back(std::move(block));
        }
    }

    void write(const Block& block) {
        const auto written = writer.write(block.sections);
        bytes.set(static_cast<double>(writer.bytes()));
        (written ? recorded : failed).add(static_cast<double>(block.packets));
        if (const bool failing = !written; failing != std::exchange(failed_last, failing))
            failing ? logging::warning("packets are not recorded: " + written.error().message)
                    : logging::info("packets are recorded again");
    }

    std::mutex mutex;
    std::deque<std::unique_ptr<Block>> full;
    std::vector<std::unique_ptr<Block>> free;
    std::size_t blocks = 0;  // in all
    bool writing = false;

    SegmentWriter writer;  // and what follows: of the thread that writes
    Counter recorded;
    Counter failed;
    Gauge bytes;
    bool failed_last = false;
};

Recorder::Recorder(SegmentWriter::Options options, boost::asio::any_io_executor scan,
                   Metrics& metrics, std::string_view interface)
    : scan_(std::move(scan)),
      shared_(std::make_shared<Shared>(std::move(options), metrics, interface)),
      shed_(metrics.capture_ring_shed.with({interface, "slow"})) {}

Recorder::~Recorder() = default;

/// A block to write to; false while all are on their way to the disk.
bool Recorder::begin(int linktype) {
    if (!block_) {
        const std::scoped_lock lock(shared_->mutex);
        if (!shared_->free.empty()) {
            block_ = std::move(shared_->free.back());
            shared_->free.pop_back();
        } else if (shared_->blocks < kMostBlocks) {
            ++shared_->blocks;
            block_ = std::make_unique<Block>();
            block_->sections.reserve(kBlockBytes);
        } else {
            return false;
        }
        block_->linktype = -1;
    }
    if (std::exchange(block_->linktype, linktype) != linktype)
        append_section(block_->sections, linktype);
    return true;
}

void Recorder::packet(const CapturedPacket& packet) {
    constexpr std::size_t kSectionBytes = 60;
    const std::size_t needed = packet_block_bytes(packet.bytes.size()) + kSectionBytes;
    if (block_ && block_->sections.size() + needed > kBlockBytes) flush();
    if (needed > kBlockBytes || !begin(packet.linktype)) return shed_.add();
    append_packet(block_->sections, packet);
    ++block_->packets;
}

void Recorder::flush() {
    if (!block_ || block_->packets == 0) return;
    bool start = false;
    {
        const std::scoped_lock lock(shared_->mutex);
        shared_->full.push_back(std::move(block_));
        start = !std::exchange(shared_->writing, true);
    }
    if (start) boost::asio::post(scan_, [shared = shared_] { shared->write_all(); });
}

}  // namespace kentongan::packet::ring
