#include "collectors/packet/packet_collector.hpp"

#include <unistd.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <optional>
#include <random>

#include "collectors/packet/capture.hpp"
#include "collectors/packet/input_file.hpp"
#include "collectors/packet/packet_metrics.hpp"
#include "collectors/packet/retry.hpp"
#include "collectors/packet/sensor.hpp"

namespace kentongan::packet {

namespace {

constexpr std::chrono::seconds kTick{1};

std::uint64_t random_seed() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

}  // namespace

/// What a run needs; everything lives on the collector's lane.
struct PacketCollector::Lane {
    Lane(const std::string& name, const Options& options, Metrics& metrics,
         ring::Recorder* recorder)
        : sensor(intern_text(name), options, random_seed()),
          metrics(metrics, options.file.empty() ? options.interface : "file"),
          recorder(recorder) {}
    Capture::Batch read(EventSink& sink) {
        const auto each = [&](const CapturedPacket& packet) {
            if (recorder != nullptr) recorder->packet(packet);
            sensor.packet(packet, sink);
        };
        auto batch = capture->read(kBatch, each);
        metrics.publish(sensor.counts(), sensor.flows());
        return batch;
    }

    std::optional<Capture> capture;
    Sensor sensor;
    PacketMetrics metrics;
    ring::Recorder* recorder;  // null: nothing is kept
    SystemClock clock;
    Retry retry;
};

PacketCollector::PacketCollector(std::string name, Options options, Metrics& metrics)
    : name_(std::move(name)), options_(std::move(options)), metrics_(metrics) {}
PacketCollector::~PacketCollector() = default;

void PacketCollector::record(ring::SegmentWriter::Options ring, asio::any_io_executor scan) {
    recorder_ = std::make_unique<ring::Recorder>(std::move(ring), std::move(scan), metrics_,
                                                 options_.interface);
}

Task<Result<>> PacketCollector::run(EventSink& sink) {
    if (options_.file.empty() == options_.interface.empty())
        co_return fail(ErrorCode::config,
                       "packet source {}: set either `interface` or `file`, and not both", name_);
    lane_ = std::make_unique<Lane>(name_, options_, metrics_, recorder_.get());
    if (files_) lane_->sensor.store_files(*files_);
    if (awaited_) lane_->sensor.share_awaited(awaited_);
    if (!options_.file.empty()) co_return co_await read_files(sink);
    co_return co_await watch_interface(sink);
}

Task<Result<>> PacketCollector::read_files(EventSink& sink) {
    const auto files = input_files(options_.file);
    if (!files) co_return std::unexpected(files.error());
    Result<> out;
    for (const std::string& file : *files) {
        Result<> read = co_await read_file(file, sink);
        if (!read && out) out = std::move(read);
        if (!out && out.error().code != ErrorCode::data) co_return out;
    }
    lane_->sensor.finish(sink);
    lane_->metrics.publish(lane_->sensor.counts(), lane_->sensor.flows());
    co_await sink.flush(lane_->sensor.watermark());
    co_return out;
}

Task<Result<>> PacketCollector::read_file(std::string path, EventSink& sink) {
    Options one = options_;
    one.file = path;
    auto opened = Capture::open_file(one);
    if (!opened) co_return std::unexpected(opened.error());
    lane_->capture.emplace(std::move(*opened));
    Capture::Batch batch;
    while (!batch.ended) {
        batch = lane_->read(sink);
        co_await sink.flush(lane_->sensor.watermark());
    }
    if (!batch.failure.empty())
        co_return fail(ErrorCode::data, "{}: broken after packet {}: {}", path,
                       lane_->sensor.counts().packets, batch.failure);
    co_return Result<>{};
}

Task<Result<>> PacketCollector::watch_interface(EventSink& sink) {
    // Cancelled or not, what was copied is written; later there may be no scan thread any more.
    struct FlushAtEnd {
        ring::Recorder* recorder;
        ~FlushAtEnd() {
            if (recorder != nullptr) recorder->flush();
        }
    };
    const FlushAtEnd flush_at_end{recorder_.get()};
    auto opened = Capture::open_live(options_);
    if (!opened && opened.error().code != ErrorCode::temporary)
        co_return std::unexpected(opened.error());
    if (opened) lane_->capture.emplace(std::move(*opened));
    for (;;) {
        while (!lane_->capture)
            if (co_await reopen_later(sink)) lane_->retry.succeeded();
        co_await watch(sink);
        lane_->capture.reset();
    }
}

/// Waits as long as the backoff says, then tries once.
Task<bool> PacketCollector::reopen_later(EventSink& sink) {
    for (auto left = lane_->retry.next(); left > kTick * 0; left -= kTick) {
        co_await sleep_for(kTick);
        tick(sink);
    }
    auto opened = Capture::open_live(options_);
    if (!opened) co_return false;
    lane_->metrics.reopened();
    lane_->capture.emplace(std::move(*opened));
    co_return true;
}

/// Time goes on while nothing is captured. The kernel may still hold packets of the last moment,
/// so the clock is followed one second behind.
void PacketCollector::tick(EventSink& sink) {
    lane_->sensor.advance(lane_->clock.now() - kTick, sink);
    if (lane_->capture) lane_->metrics.publish(lane_->capture->drops());
    if (recorder_) recorder_->flush();
    lane_->metrics.publish(lane_->sensor.counts(), lane_->sensor.flows());
    (void)sink.offer(lane_->sensor.watermark());  // the sink counts what it drops
}

/// Captures until the interface fails; why.
Task<std::string> PacketCollector::watch(EventSink& sink) {
    using namespace asio::experimental::awaitable_operators;
    const auto executor = co_await asio::this_coro::executor;
    const int copy = ::dup(lane_->capture->descriptor());
    if (copy < 0) co_return "no file descriptor is left";
    asio::posix::stream_descriptor descriptor(executor, copy);
    asio::steady_timer timer(executor);
    auto next_tick = asio::steady_timer::clock_type::now() + kTick;
    for (;;) {
        const Capture::Batch batch = lane_->read(sink);
        if (batch.packets > 0) (void)sink.offer(lane_->sensor.watermark());
        if (asio::steady_timer::clock_type::now() >= next_tick) {
            tick(sink);
            next_tick = asio::steady_timer::clock_type::now() + kTick;
        }
        if (batch.ended) co_return batch.failure;
        if (batch.packets > 0) {
            co_await asio::post(executor, asio::use_awaitable);
            continue;
        }
        timer.expires_at(next_tick);
        co_await (
            descriptor.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable) ||
            timer.async_wait(asio::use_awaitable));
    }
}

}  // namespace kentongan::packet
