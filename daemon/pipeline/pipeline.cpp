#include "daemon/pipeline/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/pipeline/heartbeat.hpp"

namespace kentongan {

Pipeline::Pipeline(asio::any_io_executor loop, Options options, const RuleSlot& rules,
                   std::vector<std::unique_ptr<Detector>> stateful, Metrics& metrics,
                   const Clock& clock)
    : loop_(std::move(loop)),
      options_(options),
      rules_(rules),
      metrics_(metrics),
      clock_(clock),
      to_desk_(options.queued_batches),
      correlator_(options.order, std::move(stateful), to_desk_, metrics, clock),
      scan_(std::max<std::size_t>(options.scan_threads, 1)) {}

Pipeline::~Pipeline() {
    lanes_.clear();
    correlate_.finish();
    scan_.join();
}

void Pipeline::add(std::unique_ptr<Collector> collector) {
    collectors_.push_back(std::move(collector));
}

Task<std::vector<Error>> Pipeline::run(DeskStage& desk) {
    build_sinks();
    TaskGroup stages{loop_};
    stages.spawn("desk", desk.run(to_desk_));
    stages.spawn("correlate", run_correlator());
    for (const auto& lane : lanes_) lane->start(options_.order == Order::arrival);
    std::vector<Error> failures;
    TaskGroup joins{loop_};
    for (const auto& lane : lanes_) joins.spawn("lane", join_lane(*lane, failures));
    (void)co_await joins.join();
    for (const auto& input : inputs_) input->finish();
    if (const auto drained = co_await stages.join(); !drained) failures.push_back(drained.error());
    co_return failures;
}

/// Recorded sources have a channel each, so that they can be merged; live ones share one.
Channel<LaneBatch>& Pipeline::channel_for_source() {
    if (inputs_.empty() || options_.order == Order::event_time)
        inputs_.push_back(std::make_unique<Channel<LaneBatch>>(options_.queued_batches));
    return *inputs_.back();
}

void Pipeline::build_sinks() {
    const std::size_t lanes = std::max<std::size_t>(options_.lanes, 1);
    for (std::size_t i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>(i));
    // Source i goes to lane i modulo their number, so the first ones give each lane its pulse.
    for (std::size_t i = options_.heartbeat.count() > 0 ? lanes : 0; i-- > 0;)
        collectors_.insert(collectors_.begin(),
                           std::make_unique<HeartbeatCollector>(fmt::format("heartbeat:lane-{}", i),
                                                                options_.heartbeat, clock_));
    for (std::size_t i = 0; i < collectors_.size(); ++i) {
        LaneSink::Options options{i, std::string(collectors_[i]->name()), correlator_.wanted(),
                                  scan_.get_executor(), options_.scan_threads};
        options.is_log = collectors_[i]->name().starts_with("log:");
        options.seed = options_.seed;
        options.picks = [this](const Event& event) { return correlator_.picks(event); };
        auto& channel = channel_for_source();
        auto sink = std::make_unique<LaneSink>(std::move(options), rules_, channel, metrics_);
        lanes_[i % lanes_.size()]->add(std::move(collectors_[i]), std::move(sink), channel,
                                       options_.order == Order::event_time);
    }
    collectors_.clear();
}

Task<> Pipeline::run_correlator() {
    std::vector<Channel<LaneBatch>*> inputs;
    for (const auto& input : inputs_) inputs.push_back(input.get());
    auto work = correlator_.run(std::move(inputs));
    (void)co_await run_task_on(correlate_.executor(), std::move(work));
}

/// A failure is noted, not returned: the other lanes are waited for in any case.
Task<> Pipeline::join_lane(Lane& lane, std::vector<Error>& failures) {
    for (Error& error : co_await lane.join()) {
        failures.push_back(std::move(error));
        stop();
    }
}

void Pipeline::stop() {
    if (options_.order == Order::event_time) return;  // recorded input ends by itself
    for (const auto& lane : lanes_) lane->cancel();
}

void Pipeline::measure() const {
    double waiting = 0;
    for (const auto& input : inputs_) waiting += static_cast<double>(input->size());
    metrics_.pipeline_queue_items.with({"correlate"}).set(waiting);
    metrics_.pipeline_queue_capacity.with({"correlate"})
        .set(static_cast<double>(options_.queued_batches * inputs_.size()));
    metrics_.event_names_refused.with().set(static_cast<double>(refused_fields()));
    metrics_.pipeline_queue_items.with({"desk"}).set(static_cast<double>(to_desk_.size()));
    metrics_.pipeline_queue_capacity.with({"desk"}).set(static_cast<double>(to_desk_.capacity()));
}

}  // namespace kentongan
