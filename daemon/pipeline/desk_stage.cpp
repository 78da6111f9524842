#include "daemon/pipeline/desk_stage.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "daemon/base/logging.hpp"

namespace kentongan {

namespace {

constexpr std::chrono::milliseconds kLongestPause{30'000};
constexpr std::chrono::seconds kSignOfLife{60};

bool contains(const std::vector<std::string>& list, const std::string& item) {
    return std::ranges::find(list, item) != list.end();
}

}  // namespace

DeskStage::DeskStage(Options options, AlertDesk desk, std::shared_ptr<const Routing> routing,
                     AlertStore& store, asio::any_io_executor store_executor, Metrics& metrics,
                     const Clock& clock, Announce announce)
    : options_(options),
      desk_(std::move(desk)),
      routing_(std::move(routing)),
      store_(store),
      store_executor_(std::move(store_executor)),
      metrics_(metrics),
      clock_(clock),
      announce_(std::move(announce)) {}

void DeskStage::route_by(std::shared_ptr<const Routing> routing) {
    routing_ = std::move(routing);
    desk_.route_by(routing_);
}

Task<Result<>> DeskStage::run(Channel<DeskBatch>& in) {
    for (;;) {
        std::vector<DeskBatch> batches = co_await in.receive_all();
        const bool last = batches.empty();
        AlertBatch transaction;
        Committed committed;
        for (DeskBatch& batch : batches) take(batch, transaction, committed);
        collect_changes(transaction, committed);
        sign_of_life(transaction, committed);
        if (auto stored = co_await store_all(std::move(transaction), std::move(committed)); !stored)
            co_return stored;
        if (last) co_return Result<>{};
        if (options_.live) co_await tidy(in);
    }
}

/// What commits left is done while no batch waits. If it cannot be (a full disk), the next commit
/// says why.
Task<> DeskStage::tidy(const Channel<DeskBatch>& in) {
    for (bool more = true; more && in.size() == 0;) {
        auto work = [&store = store_] { return store.tidy(); };
        more = (co_await run_on(store_executor_, work)).value_or(false);
    }
}

void DeskStage::take(DeskBatch& batch, AlertBatch& out, Committed& committed) {
    metrics_.pipeline_items.with({"desk", "in"}).add(static_cast<double>(batch.findings.size()));
    for (Finding& finding : batch.findings)
        desk_.take(std::move(finding), options_.live ? std::optional{clock_.now()} : std::nullopt);
    for (Finding& finding : std::exchange(own_, {}))
        desk_.take(std::move(finding), options_.live ? std::optional{clock_.now()} : std::nullopt);
    desk_.advance(batch.now);
    for (auto& [source, state] : batch.bookmarks) out.bookmarks[source] = std::move(state);
    for (const auto& [lane, time] : batch.heartbeats) {
        committed.heartbeats[lane] = time;
        beats_[lane] = time;
        out.bookmarks["heartbeat"] = to_rfc3339(time);
    }
}

/// Made of the lanes' own pulses: where one hangs, the oldest stands still and nothing is sent, so
/// whoever waits for it on the other side raises the alarm.
void DeskStage::sign_of_life(AlertBatch& out, Committed& committed) {
    if (!options_.live || beats_.size() < options_.lanes) return;
    const auto oldest = std::ranges::min(beats_ | std::views::values);
    if (oldest - told_of_life_ < kSignOfLife) return;
    told_of_life_ = oldest;
    out.messages = destinations_->heartbeats(oldest, options_.exercise);
    committed.deliveries += out.messages.size();
}

void DeskStage::collect_changes(AlertBatch& out, Committed& committed) {
    for (AlertChange& change : desk_.take_changes()) {
        if (change.created) {
            count_new(change.alert);
            committed.raised.push_back(change.alert.last_seen);
        }
        if (change.escalated) committed.risen.push_back({change.alert.id, change.alert.severity});
        const AlertSealer::Change what{change.created, change.escalated, change.closed};
        AlertWrite write = write_of(std::move(change));
        if (options_.live)
            write.json = sealer_.seal(write.alert, what, clock_.now(), out, write.deliveries);
        committed.deliveries += write.deliveries.size();
        out.alerts.push_back(std::move(write));
    }
    sealer_.finish(clock_.now(), out);
    count_tables();
    committed.alerts = out.alerts.size();
    metrics_.pipeline_items.with({"desk", "out"}).add(static_cast<double>(out.alerts.size()));
}

AlertWrite DeskStage::write_of(AlertChange change) {
    AlertWrite out;
    if (change.alert.suppressed.empty()) {
        if (change.routes.empty()) change.routes = routing_->route(change.alert);
        deliver(change, out);
    }
    out.alert = std::move(change.alert);
    return out;
}

/// An agency hears of an alert when it is raised, when it gets worse, when it has become ten times
/// as large, and at its end if it has grown since.
void DeskStage::deliver(const AlertChange& change, AlertWrite& out) {
    const Alert& alert = change.alert;
    for (const Route& route : change.routes) {
        if (change.closed)
            for (NewDelivery& ending : destinations_->endings(alert, route))
                out.deliveries.push_back(std::move(ending));
        const bool is_new = contains(change.newly_told, route.agency);
        if (!is_new && !change.escalated && !change.grown) continue;
        const std::string type = is_new ? "alert.created" : "alert.updated";
        for (NewDelivery& message : destinations_->messages(alert, route, type))
            out.deliveries.push_back(std::move(message));
    }
}

void DeskStage::count_new(const Alert& alert) {
    metrics_.alerts.with({name_of(alert.severity), name_of(alert.rule->ruleset)}).add();
    if (!alert.suppressed.empty())
        metrics_.alerts_suppressed
            .with({alert.suppressed == kOverBudget ? kOverBudget : "suppression"})
            .add();
}

void DeskStage::count_tables() {
    const auto added = [](std::uint64_t now, std::uint64_t& counted) {
        return static_cast<double>(now - std::exchange(counted, now));
    };
    if (const auto early = desk_.closed_early(); early != closed_early_)
        metrics_.detector_evicted.with({"alert.desk"}).add(added(early, closed_early_));
    for (const auto& [table, count] : desk_.evicted())
        if (count != evicted_[table])
            metrics_.detector_evicted.with({table}).add(added(count, evicted_[table]));
    for (std::size_t i = 0; i < grouped_.size(); ++i)
        if (const auto count = desk_.grouped()[i]; count != grouped_[i])
            metrics_.alerts_grouped.with({name_of(static_cast<Severity>(i))})
                .add(added(count, grouped_[i]));
}

/// On the store's thread, so nobody comes between.
Result<> DeskStage::store_now(const AlertBatch& batch, const std::vector<Risen>& risen) {
    if (triage_ != nullptr && !risen.empty())
        if (auto opened = reopen(risen, *triage_, *history_, clock_.now()); !opened) return opened;
    return store_.commit(batch);
}

Task<Result<>> DeskStage::store_all(AlertBatch batch, Committed committed) {
    if (batch.alerts.empty() && batch.bookmarks.empty() && batch.messages.empty())
        co_return Result<>{};
    const auto shared = std::make_shared<const AlertBatch>(std::move(batch));
    auto pause = options_.first_pause;
    for (;;) {
        const auto began = std::chrono::steady_clock::now();
        auto work = [this, shared, risen = committed.risen] { return store_now(*shared, risen); };
        auto stored = co_await run_on(store_executor_, work);
        metrics_.store_commit.with().observe(to_seconds(std::chrono::steady_clock::now() - began));
        if (stored) break;
        if (!options_.retry) co_return stored;
        if (failure_ != stored.error().message)
            logging::error("cannot store alerts; trying again",
                           {{"reason", stored.error().message}});
        failure_ = stored.error().message;
        metrics_.store_failing.with().set(1);
        co_await sleep_for(pause);
        pause = std::min(pause * 2, kLongestPause);
    }
    if (!failure_.empty()) {
        logging::info("the store works again");
        failure_.clear();
        metrics_.store_failing.with().set(0);
    }
    observe_latency(committed);
    if (announce_) announce_(committed);
    co_return Result<>{};
}

/// Of new alerts: one that is stored again because it grew or ended says nothing of detection.
void DeskStage::observe_latency(const Committed& committed) {
    if (!options_.live) return;
    const auto now = clock_.now();
    for (const Timestamp seen : committed.raised)
        metrics_.detect_latency.with().observe(to_seconds(now - seen));
}

}  // namespace kentongan
