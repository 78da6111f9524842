#include "daemon/pipeline/lane_sink.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "daemon/async/task_group.hpp"

namespace kentongan {

namespace {

/// Findings of a source that cannot wait are kept up to this many while the next stage is full.
constexpr std::size_t kFindingsKept = 50'000;
/// Rules with a count of their own in the metrics.
constexpr std::size_t kRulesCounted = 5'000;
/// Paths kept for a source that may ask for them; most never do.
constexpr std::size_t kFlaggedKept = 1'000;
constexpr std::size_t kKinds = static_cast<std::size_t>(EventKind::heartbeat) + 1;

constexpr std::uint64_t kTimedEvery = 256;

/// "yara" of "yara.wire".
std::string_view engine_of(const Detector& detector) {
    return detector.name().substr(0, detector.name().find('.'));
}

/// What a scan of one file gave.
class CollectingSink final : public FindingSink {
  public:
    void report(Finding finding) override { findings.push_back(std::move(finding)); }
    std::vector<Finding> findings;
    std::optional<Event> description;
};

}  // namespace

LaneSink::LaneSink(Options options, const RuleSlot& rules, Channel<LaneBatch>& out,
                   Metrics& metrics)
    : options_(std::move(options)),
      rules_(rules),
      out_(out),
      metrics_(metrics),
      counts_(metrics),
      items_in_(metrics.pipeline_items.with({"lane", "in"})),
      items_out_(metrics.pipeline_items.with({"lane", "out"})),
      dropped_(metrics.pipeline_dropped.with({"lane", "correlator_full"})) {
    for (std::size_t kind = 0; kind < kKinds; ++kind)
        event_counters_.push_back(
            metrics.events.with({options_.source_name, name_of(static_cast<EventKind>(kind))}));
    if (options_.is_log) log_.emplace(intern_text(options_.source_name), options_.seed);
    refresh_rules();
}

/// Before each batch: it is judged by one set, the one in force at its beginning.
void LaneSink::refresh_rules() {
    if (generation_ == rules_.generation()) return;
    generation_ = rules_.generation();
    book_ = rules_.rules();
    detectors_ = book_->lane_detectors();
    counts_.clear();
    by_kind_.assign(kKinds, {});
    for (std::size_t kind = 0; kind < kKinds; ++kind)
        for (const auto& detector : detectors_)
            if (detector->wants(static_cast<EventKind>(kind)))
                by_kind_[kind].push_back(
                    {detector.get(), metrics_.rule_eval.with({engine_of(*detector)})});
}

/// The clock is read for a few events only: it costs as much as some rules do.
void LaneSink::inspect(const Event& event) {
    const auto& interested = by_kind_[static_cast<std::size_t>(event.kind)];
    if (inspected_++ % kTimedEvery != 0) {
        for (const Timed& one : interested) one.detector->inspect(event, *this);
        return;
    }
    for (Timed one : interested) {
        const auto began = std::chrono::steady_clock::now();
        one.detector->inspect(event, *this);
        one.seconds.observe(to_seconds(std::chrono::steady_clock::now() - began));
    }
}

void LaneSink::emit(const Event& event) {
    if (emitted_ == 0) refresh_rules();
    const auto kind = static_cast<std::size_t>(event.kind);
    ++emitted_kinds_[kind];
    ++emitted_;
    inspect(event);
    if (event.kind == EventKind::file && event.has(Field::file_path) &&
        event.text(Field::event_action) != "removed")
        files_.push_back(event);
    forward(event);
    if (!log_) return;
    if (auto second = log_->add(event)) queue(std::move(*second));
}

/// Copied, and only if the correlator has a use for it.
void LaneSink::forward(const Event& event) {
    if (options_.forwarded.test(static_cast<std::size_t>(event.kind)) &&
        (!options_.picks || options_.picks(event)))
        items_.push_back({event.time, event});
}

void LaneSink::emit(TrafficSecond second) {
    if (emitted_ == 0) refresh_rules();
    ++emitted_;
    const auto time = second.second;
    items_.push_back({time, std::move(second)});
}

/// It is known when it is over.
void LaneSink::queue(LogSecond second) {
    const auto time = second.second + std::chrono::seconds{1};
    items_.push_back({time, std::move(second)});
}

void LaneSink::report(Finding finding) {
    const auto time = finding.time;
    if (finding.rule) ++fired_[finding.rule];
    items_.push_back({time, std::move(finding)});
}

void LaneSink::report_hit(std::shared_ptr<const Hit> hit) {
    const auto time = hit->time;
    items_.push_back({time, std::move(hit)});
}

/// What was counted since the last batch goes to the metrics.
void LaneSink::publish_counts() {
    for (std::size_t kind = 0; kind < kKinds; ++kind)
        if (const auto count = std::exchange(emitted_kinds_[kind], 0); count != 0)
            event_counters_[kind].add(static_cast<double>(count));
    counts_.publish(detectors_);
    if (log_ && log_->evicted() != log_evicted_)
        metrics_.detector_evicted.with({"anomaly.routes"})
            .add(static_cast<double>(log_->evicted() -
                                     std::exchange(log_evicted_, log_->evicted())));
    if (!fired_.empty()) publish_rules();
}

/// The rules' ids are the settings' to choose, and yet their number is bounded.
void LaneSink::publish_rules() {
    std::size_t known = metrics_.rule_findings.size();
    for (const auto& [rule, count] : fired_) {
        const bool room = known++ < kRulesCounted;
        metrics_.rule_findings.with({name_of(rule->ruleset), room ? rule->id : "other"})
            .add(static_cast<double>(count));
    }
    fired_.clear();
}

LaneBatch LaneSink::take_batch(Timestamp watermark) {
    publish_counts();
    if (book_->take_duty()) asio::post(options_.scan, [book = book_] { book->compile_wanted(); });
    items_in_.add(emitted_);
    items_out_.add(static_cast<double>(items_.size()));
    emitted_ = 0;
    watermark_ = std::max(watermark_, watermark);
    LaneBatch batch{options_.source, std::move(items_), watermark_, std::nullopt, false};
    items_ = {};
    return batch;
}

Task<> LaneSink::flush(Timestamp watermark, std::optional<Bookmark> bookmark) {
    if (!files_.empty()) co_await scan_files();
    if (log_ && emitted_ == 0)  // nothing new: the second at hand is as good as over
        if (auto second = log_->close()) queue(std::move(*second));
    LaneBatch batch = take_batch(watermark);
    batch.bookmark = std::move(bookmark);
    (void)co_await out_.send(std::move(batch));  // refused only when the pipeline is shutting down
}

bool LaneSink::offer(Timestamp watermark) {
    LaneBatch batch = take_batch(watermark);
    if (out_.offer(std::move(batch))) return true;
    // Events and aggregates are lost and counted; what was detected waits, within reason, for the
    // next call.
    const auto detected = [](const Item& item) {
        return std::holds_alternative<Finding>(item.what) ||
               std::holds_alternative<std::shared_ptr<const Hit>>(item.what);
    };
    for (Item& item : batch.items)
        if (detected(item) && items_.size() < kFindingsKept)
            items_.push_back(std::move(item));
        else
            dropped_.add();
    return false;
}

Task<> LaneSink::finish() {
    if (!files_.empty()) co_await scan_files();
    if (log_)
        if (auto second = log_->finish()) queue(std::move(*second));
    LaneBatch batch = take_batch(watermark_);
    batch.ended = true;
    (void)co_await out_.send(std::move(batch));
}

Task<> LaneSink::scan_files() {
    const auto files = std::make_shared<std::vector<Event>>(std::move(files_));
    files_ = {};
    const auto results = std::make_shared<std::vector<CollectingSink>>(files->size());
    const auto next = std::make_shared<std::atomic<std::size_t>>(0);
    auto work = [files, results, next, book = book_,
                 seconds = metrics_.rule_eval.with({"yara"})]() mutable {
        for (std::size_t i = (*next)++; i < files->size(); i = (*next)++) {
            const auto began = std::chrono::steady_clock::now();
            book->file_detector().inspect_file((*files)[i], (*results)[i]);
            seconds.observe(to_seconds(std::chrono::steady_clock::now() - began));
            (*results)[i].description = book->file_detector().describe((*files)[i]);
        }
    };
    TaskGroup scans{co_await asio::this_coro::executor};
    const std::size_t tasks = std::min(options_.scans_at_once, files->size());
    for (std::size_t i = 0; i < tasks; ++i) scans.spawn("scan", run_on(options_.scan, work));
    if (auto done = co_await scans.join(); !done)
        metrics_.pipeline_dropped.with({"lane", "scan_failed"})
            .add(static_cast<double>(files->size()));
    for (std::size_t i = 0; i < results->size(); ++i) {
        auto& [findings, description] = (*results)[i];
        if (!findings.empty() && flagged_.size() < kFlaggedKept)
            flagged_.emplace_back((*files)[i].text(Field::file_path));
        for (auto& finding : findings) report(std::move(finding));
        if (description) forward(*description);
    }
}

}  // namespace kentongan
