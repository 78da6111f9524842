#include "daemon/pipeline/correlator.hpp"

#include <algorithm>

#include "daemon/pipeline/service_counts.hpp"

namespace kentongan {

namespace {

/// A source with nothing to say is up to date. So is one that only counted: its detectors know late
/// seconds, and one busy log with a wrong clock must not stop everybody's time.
bool holds_time_back(const LaneBatch& batch) {
    return std::ranges::any_of(batch.items, [](const Item& item) {
        return !std::holds_alternative<LogSecond>(item.what);
    });
}

}  // namespace

Correlator::Correlator(Order order, std::vector<std::unique_ptr<Detector>> detectors,
                       Channel<DeskBatch>& out, Metrics& metrics, const Clock& clock)
    : order_(order),
      detectors_(std::move(detectors)),
      out_(out),
      metrics_(metrics),
      clock_(clock),
      items_in_(metrics.pipeline_items.with({"correlate", "in"})),
      findings_out_(metrics.pipeline_items.with({"correlate", "out"})),
      counts_(metrics) {
    for (std::size_t kind = 0; kind < kHeartbeat; ++kind)
        for (const auto& detector : detectors_)
            if (detector->wants(static_cast<EventKind>(kind)))
                by_kind_[kind].push_back(detector.get());
    for (const auto& detector : detectors_)
        if (detector->reviews()) reviewers_.push_back(detector.get());
}

void Correlator::report(Finding finding) {
    for (Detector* reviewer : reviewers_) reviewer->review(finding);
    pending_.findings.push_back(std::move(finding));
}

KindSet Correlator::wanted() const {
    KindSet kinds;
    kinds.set(kHeartbeat);
    for (std::size_t kind = 0; kind < kHeartbeat; ++kind)
        if (!by_kind_[kind].empty()) kinds.set(kind);
    return kinds;
}

bool Correlator::picks(const Event& event) const {
    if (event.kind == EventKind::heartbeat) return true;
    const auto& interested = by_kind_[static_cast<std::size_t>(event.kind)];
    return std::ranges::any_of(interested, [&](const Detector* one) { return one->picks(event); });
}

Task<Result<>> Correlator::run(std::vector<Channel<LaneBatch>*> inputs) {
    std::vector<Head> heads;
    for (auto* input : inputs) heads.push_back({input, std::nullopt, 0, true});
    for (;;) {
        std::optional<Key> first;
        std::optional<Key> second;
        for (std::size_t i = 0; i < heads.size(); ++i) {
            co_await fill(heads[i]);
            const auto key = key_of(heads[i], i);
            if (!key) continue;
            if (!first || *key < *first)
                second = std::exchange(first, key);
            else if (!second || *key < *second)
                second = key;
        }
        if (!first) break;
        take_run(heads[first->second], first->second, second);
        co_await hand_over();
    }
    // Recorded input is over: every window closes.
    if (order_ == Order::event_time) {
        advance(now_ + std::chrono::hours{1});
        for (const auto& detector : detectors_) detector->end_of_input(*this);
    }
    co_await hand_over();
    out_.finish();
    co_return Result<>{};
}

/// Leaves the input at an item, or closed. Batches without items are dealt with on the way.
Task<> Correlator::fill(Head& head) {
    while (head.open && (!head.batch || head.batch->items.empty())) {
        if (head.batch) {
            end_batch(*head.batch);
            co_await hand_over();
        }
        head.batch = co_await head.input->receive();
        head.at = 0;
        head.open = head.batch.has_value();
    }
}

std::optional<Correlator::Key> Correlator::key_of(const Head& head, std::size_t index) {
    if (!head.batch) return std::nullopt;
    return Key{head.batch->items[head.at].time, index};
}

/// Takes the head's items as long as they come before the least item of any other input. Where a
/// batch ends makes no difference to the order.
void Correlator::take_run(Head& head, std::size_t index, std::optional<Key> bound) {
    LaneBatch& batch = *head.batch;
    while (!bound || *key_of(head, index) < *bound) {
        take(batch.items[head.at]);
        if (++head.at < batch.items.size()) continue;
        end_batch(batch);
        head.batch.reset();
        return;
    }
}

void Correlator::take(Item& item) {
    items_in_.add();
    if (order_ == Order::event_time) advance(item.time);
    if (auto* finding = std::get_if<Finding>(&item.what)) {
        report(std::move(*finding));
    } else if (const auto* hit = std::get_if<std::shared_ptr<const Hit>>(&item.what)) {
        for (const auto& detector : detectors_) detector->inspect_hit(*hit, *this);
    } else if (const auto* second = std::get_if<TrafficSecond>(&item.what)) {
        for (const auto& detector : detectors_) detector->inspect(*second, *this);
    } else if (const auto* log = std::get_if<LogSecond>(&item.what)) {
        count_service(*log, metrics_);
        for (const auto& detector : detectors_) detector->inspect(*log, *this);
    } else {
        take(std::get<Event>(item.what));
    }
}

void Correlator::take(const Event& event) {
    if (event.kind == EventKind::heartbeat) {
        pending_.heartbeats[std::string(event.origin.source)] = event.time;
        metrics_.pipeline_heartbeat.with({"correlate"})
            .set(to_seconds(event.time.time_since_epoch()));
        return;
    }
    for (Detector* detector : by_kind_[static_cast<std::size_t>(event.kind)])
        if (detector->picks(event)) detector->inspect(event, *this);
}

void Correlator::end_batch(LaneBatch& batch) {
    if (batch.bookmark) pending_.bookmarks[batch.bookmark->source] = batch.bookmark->state;
    if (order_ == Order::arrival) follow_watermarks(batch);
}

void Correlator::follow_watermarks(const LaneBatch& batch) {
    if (watermarks_.size() <= batch.source) watermarks_.resize(batch.source + 1);
    auto& own = watermarks_[batch.source];
    if (batch.ended)
        own.reset();
    else
        own = holds_time_back(batch) ? batch.watermark : clock_.now();
    std::optional<Timestamp> least;
    for (const auto& watermark : watermarks_)
        if (watermark && (!least || *watermark < *least)) least = watermark;
    if (least) advance(*least);
}

/// Detectors are told of each new second once; time does not run backwards.
void Correlator::advance(Timestamp now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second <= now_) return;
    now_ = second;
    for (const auto& detector : detectors_) detector->advance(now_, *this);
    counts_.publish(detectors_);
}

Task<> Correlator::hand_over() {
    if (pending_.empty()) co_return;
    // A heartbeat too, since a live capture has no bookmarks.
    if (!pending_.bookmarks.empty() || !pending_.heartbeats.empty())
        for (const auto& detector : detectors_)
            detector->save_under("detector:" + std::string(detector->name()), pending_.bookmarks);
    findings_out_.add(static_cast<double>(pending_.findings.size()));
    pending_.now = now_;
    DeskBatch batch = std::exchange(pending_, {});
    (void)co_await out_.send(std::move(batch));
}

}  // namespace kentongan
