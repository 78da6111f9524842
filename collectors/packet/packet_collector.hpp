#pragma once
// Packets from a capture file or a live interface, as a Collector.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "collectors/collector.hpp"
#include "collectors/packet/file/awaited_files.hpp"
#include "collectors/packet/file/file_store.hpp"
#include "collectors/packet/options.hpp"
#include "collectors/packet/ring/recorder.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::packet {

/// Emits conn and web events and one TrafficSecond for each second of packet time.
///
/// A file is read to its end, a folder file by file; then run() returns. A file that breaks off or
/// is no capture: what came before it and the files after it are handled, then run() returns
/// ErrorCode::data with the number of the last good packet. A live
/// interface is captured until the task is cancelled; when it goes away it is tried again after
/// 1 to 30 s. What cannot be opened at first is an error: no_input, permission or config.
class PacketCollector final : public Collector {
  public:
    static constexpr int kBatch = 512;  ///< packets, then the lane's other sources have their turn

    /// `name`: unique among the collectors. `metrics` must outlive it.
    PacketCollector(std::string name, Options options, Metrics& metrics);
    ~PacketCollector() override;

    /// Before run(): what a live interface brings is also kept on disk; `scan` is where that is
    /// written and must outlive the collector.
    void record(ring::SegmentWriter::Options ring, asio::any_io_executor scan);

    /// Before run(): files that come whole over the wire are put there too.
    void store_files(std::shared_ptr<FileStore> files) { files_ = std::move(files); }

    /// Before run(): for the handles of one interface.
    void share_awaited(std::shared_ptr<AwaitedFiles> files) { awaited_ = std::move(files); }

    [[nodiscard]] std::string_view name() const override { return name_; }
    /// Once in the life of a collector.
    [[nodiscard]] Task<Result<>> run(EventSink& sink) override;

  private:
    struct Lane;

    [[nodiscard]] Task<Result<>> read_files(EventSink& sink);
    [[nodiscard]] Task<Result<>> read_file(std::string path, EventSink& sink);
    [[nodiscard]] Task<Result<>> watch_interface(EventSink& sink);
    [[nodiscard]] Task<std::string> watch(EventSink& sink);
    [[nodiscard]] Task<bool> reopen_later(EventSink& sink);
    void tick(EventSink& sink);

    std::string name_;
    Options options_;
    Metrics& metrics_;
    std::unique_ptr<ring::Recorder> recorder_;
    std::shared_ptr<FileStore> files_;       // null: files are not kept
    std::shared_ptr<AwaitedFiles> awaited_;  // null: it has its own
    std::unique_ptr<Lane> lane_;
};

}  // namespace kentongan::packet
