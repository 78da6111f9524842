#include "daemon/pipeline/desk_stage.hpp"

#include <algorithm>
#include <utility>

#include "daemon/alert/redact.hpp"
#include "daemon/base/logging.hpp"

namespace kentongan {

namespace {

constexpr std::chrono::milliseconds kLongestPause{30'000};

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
        if (auto stored = co_await store_all(std::move(transaction), std::move(committed)); !stored)
            co_return stored;
        if (last) co_return Result<>{};
    }
}

void DeskStage::take(DeskBatch& batch, AlertBatch& out, Committed& committed) {
    metrics_.pipeline_items.with({"desk", "in"}).add(static_cast<double>(batch.findings.size()));
    for (Finding& finding : batch.findings)
        desk_.take(std::move(finding), options_.live ? std::optional{clock_.now()} : std::nullopt);
    desk_.advance(batch.now);
    for (auto& [source, state] : batch.bookmarks) out.bookmarks[source] = std::move(state);
    for (const auto& [lane, time] : batch.heartbeats) {
        committed.heartbeats[lane] = time;
        out.bookmarks["heartbeat"] = to_rfc3339(time);
    }
}

void DeskStage::collect_changes(AlertBatch& out, Committed& committed) {
    for (AlertChange& change : desk_.take_changes()) {
        if (change.created) count_new(change.alert);
        const bool closed = change.closed;
        const std::string id = change.alert.id;
        AlertWrite write = write_of(std::move(change));
        committed.deliveries += write.deliveries.size();
        out.alerts.push_back(std::move(write));
        if (closed) told_.erase(id);
    }
    if (const auto early = desk_.closed_early(); early != closed_early_)
        metrics_.detector_evicted.with({"alert.desk"})
            .add(static_cast<double>(early - std::exchange(closed_early_, early)));
    committed.alerts = out.alerts.size();
    metrics_.pipeline_items.with({"desk", "out"}).add(static_cast<double>(out.alerts.size()));
}

AlertWrite DeskStage::write_of(AlertChange change) {
    if (change.routes.empty()) change.routes = routing_->route(change.alert);
    AlertWrite out;
    deliver(change, out);
    out.alert = std::move(change.alert);
    return out;
}

/// An agency hears of an alert when it is raised, when it gets worse, when it has become ten times
/// as large, and at its end if it has grown since.
void DeskStage::deliver(const AlertChange& change, AlertWrite& out) {
    const Alert& alert = change.alert;
    const auto [told, first] = told_.try_emplace(alert.id, alert.count);
    const bool grown =
        alert.count >= told->second * 10 || (change.closed && alert.count > told->second);
    for (const Route& route : change.routes) {
        const bool is_new = contains(change.newly_told, route.agency);
        if (!is_new && !change.escalated && !grown) continue;
        const std::string type = is_new ? "alert.created" : "alert.updated";
        out.deliveries.push_back({route.agency, type, outbound_body(alert, route, type)});
    }
    if (change.escalated || grown) told->second = alert.count;
}

void DeskStage::count_new(const Alert& alert) {
    metrics_.alerts.with({name_of(alert.severity), name_of(alert.rule->ruleset)}).add();
}

Task<Result<>> DeskStage::store_all(AlertBatch batch, Committed committed) {
    if (batch.alerts.empty() && batch.bookmarks.empty()) co_return Result<>{};
    const auto shared = std::make_shared<const AlertBatch>(std::move(batch));
    auto pause = options_.first_pause;
    for (;;) {
        const auto began = std::chrono::steady_clock::now();
        auto work = [&store = store_, shared] { return store.commit(*shared); };
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
    observe_latency(*shared);
    if (announce_) announce_(committed);
    co_return Result<>{};
}

void DeskStage::observe_latency(const AlertBatch& batch) {
    if (!options_.live) return;
    const auto now = clock_.now();
    for (const AlertWrite& write : batch.alerts)
        metrics_.detect_latency.with().observe(to_seconds(now - write.alert.last_seen));
}

}  // namespace kentongan
