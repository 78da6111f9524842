// The Application's life: running, obeying signals, reloading, stopping.
#include <boost/json.hpp>
#include <cstdlib>

#include "daemon/app/application.hpp"
#include "daemon/app/change_control.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/store/sqlite/open_alerts.hpp"

namespace kentongan {

namespace {
constexpr Duration kLookAtStore = std::chrono::seconds{5};

struct StoreState {
    std::vector<OpenAlerts> open;
    double newest = 0;
    double bytes = 0;
    double free = 0;
};

/// On the store's thread. What cannot be read stays 0.
StoreState look_at(SqliteAlertStore& store, const std::string& path) {
    StoreState out;
    if (auto open = count_open_alerts(store.database())) out.open = std::move(*open);
    if (const auto newest = store.database().number("SELECT max(sequence) FROM alerts"))
        out.newest = static_cast<double>(*newest);
    std::error_code failed;
    for (const auto* end : {"", "-wal"})
        if (const auto size = std::filesystem::file_size(path + end, failed); !failed)
            out.bytes += static_cast<double>(size);
    if (const auto room = std::filesystem::space(path, failed); !failed)
        out.free = static_cast<double>(room.available);
    return out;
}

/// The oldest of the times that are not 0, or 0.
double oldest_of(const std::vector<MetricSample>& times) {
    double oldest = 0;
    for (const MetricSample& one : times)
        if (one.value > 0 && (oldest == 0 || one.value < oldest)) oldest = one.value;
    return oldest;
}
}  // namespace

Result<> Application::run() {
    Result<> outcome;
    std::exception_ptr broken;
    asio::co_spawn(loop_, live(), [&](std::exception_ptr e, Result<> result) {
        broken = e;
        outcome = std::move(result);
        loop_.stop();
    });
    loop_.run();
    if (broken) std::rethrow_exception(broken);
    return outcome;
}

/// The whole life: services up, sources running, then down in the reverse order.
Task<Result<>> Application::live() {
    services_.spawn("signals", obey_signals());
    services_.spawn("pulse", keep_pulse());
    services_.spawn("store", watch_store());
    if (unconfirmed_) services_.spawn("yes to this start", ask_for_start());
    if (api_) services_.spawn("api", api_->run());
    if (metrics_server_) services_.spawn("metrics", metrics_server_->run());
    if (witness_) services_.spawn("witness", witness_->run());
    if (history_) services_.spawn("history", history_->run());
    agencies_->start(services_);
    Result<> services;
    TaskGroup guard{loop_.get_executor()};
    guard.spawn("guard", guard_services(services));
    logging::info("watching", {{"sources", source_names_.size()}, {"rules", one_line()}});
    Notifier::ready(one_line());

    const auto failures = co_await pipeline_->run(*desk_);

    drained_ = true;
    services_.cancel();
    (void)co_await guard.join();
    if (history_) co_await history_->finish();
    if (!failures.empty()) co_return std::unexpected(failures.front());
    if (!services) co_return services;
    logging::info("ended; everything is stored");
    co_return Result<>{};
}

/// Services run until they are cancelled; one that fails takes the daemon down, in order.
Task<> Application::guard_services(Result<>& outcome) {
    outcome = co_await services_.join();
    if (!outcome && !drained_) pipeline_->stop();
}

Task<> Application::obey_signals() {
    for (;;) {
        const int signal = co_await signals_.async_wait(asio::use_awaitable);
        if (signal == SIGHUP) {
            co_await reload();
        } else if (!stopping_) {
            logging::info("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
            begin_stop();
        } else {
            give_up("asked to stop twice");
        }
    }
}

void Application::begin_stop() {
    stopping_ = true;
    store_readings();
    store_logins(true);
    Notifier::stopping();
    pipeline_->stop();
    services_.spawn("drain", limit_drain());
}

/// What is in flight when the time is over was not acknowledged: it is read again after a restart.
Task<> Application::limit_drain() {
    co_await sleep_for(std::chrono::seconds{config_.daemon.drain_seconds});
    if (!drained_) give_up(desk_->failure().empty() ? "too much in flight" : desk_->failure());
}

void Application::give_up(const std::string& reason) {
    logging::error("ending with work unstored; it will be read again after a restart",
                   {{"reason", reason}});
    std::_Exit(static_cast<int>(ErrorCode::io));
}

Task<> Application::keep_pulse() {
    bool was_alive = true;
    for (std::uint64_t second = 0;; ++second) {
        co_await sleep_for(std::chrono::seconds{1});
        const bool alive = pulse_->alive(clock_.now());
        if (alive) Notifier::alive();
        if (alive != was_alive && clock_.now() - started_ > pulse_patience()) {
            if (alive)
                logging::info("the pipeline's heartbeat is back");
            else
                logging::error("no heartbeat has come through the pipeline lately",
                               {{"store", desk_->failure()}});
            was_alive = alive;
        }
        pipeline_->measure();
        measure_coverage();
        board_->measure(clock_.now());
        store_readings();
        store_logins();
        show_phase();
        if (second % 10 == 0) Notifier::status(one_line());
    }
}

/// Apart from the pulse: a store that is slow must not stop it.
Task<> Application::watch_store() {
    const std::string host = desk_options(config_).hostname;
    const auto look = [this] { return look_at(*store_, store_path(config_)); };
    for (;;) {
        const StoreState state = co_await run_on(store_thread_.executor(), look);
        for (const OpenAlerts& one : state.open)
            metrics_.alerts_open.with({name_of(one.severity), one.state})
                .set(static_cast<double>(one.alerts));
        metrics_.hub_committed.with({host}).set(state.newest);
        metrics_.spool_bytes.with().set(state.bytes);
        metrics_.spool_free.with().set(state.free);
        metrics_.spool_oldest.with().set(oldest_of(metrics_.delivery_oldest_unacked.samples()));
        co_await sleep_for(kLookAtStore);
    }
}

void Application::announced(const Committed& committed) {
    if (!committed.heartbeats.empty()) {
        pulse_->arrived(committed.heartbeats);
        metrics_.pipeline_heartbeat.with({"store"}).set(
            to_seconds(pulse_->oldest().value_or(started_).time_since_epoch()));
    }
    if (committed.deliveries > 0) agencies_->notify();
}

Task<> Application::reload() {
    logging::info("reloading settings and rules");
    Notifier::reloading();
    struct Loaded {
        RuleSet rules;
        Config config;
        Digests digests;
    };
    auto work = [launch = launch_, &metrics = metrics_, before = rules_.rules]() -> Result<Loaded> {
        auto config = load_config(sources_of(launch));
        if (!config) return std::unexpected(config.error());
        auto digests = digests_of(config->config);
        auto rules =
            kentongan::load_rules(config->config.rules, metrics, cache_folder(config->config));
        if (!rules) return std::unexpected(rules.error());
        // A second person says yes to files that were the same from before to after they were read.
        if (digests_of(config->config).control != digests.control)
            return fail(ErrorCode::temporary,
                        "a rule file changed while it was read: reload again");
        rules->rules->compile_as(*before);
        return Loaded{std::move(*rules), config->config, std::move(digests)};
    };
    auto loaded = co_await run_on(pipeline_->scan_executor(), work);
    Result<> taken;
    if (!loaded) taken = std::unexpected(loaded.error());
    const bool permitted = loaded && loaded->digests.control == permitted_;
    if (taken) taken = co_await second_person(loaded->digests.control);
    if (taken) taken = take_reloaded(std::move(loaded->rules), loaded->config);
    if (taken) {
        auto what = changed(in_force_, loaded->digests);
        if (!what.empty()) note_change({clock_.now(), std::move(what), permitted, {}});
        take_digests(loaded->digests);
        if (permitted || !unconfirmed_) keep_control(in_force_.control);
        permitted_.clear();  // a yes is for one time
    } else {
        note_change({clock_.now(), {"refused"}, false, taken.error().message});
    }
    if (taken && history_) {
        Config in_force = config_;
        in_force.rules = loaded->config.rules;
        co_await history_->loaded(in_force, loaded->config, permitted ? "second_person" : "signal");
    }
    if (taken)
        logging::info("reloaded", {{"rules", one_line()}});
    else
        logging::error("reload refused; what was in force stays in force",
                       {{"reason", taken.error().message}});
    metrics_.config_last_reload_successful.with().set(taken ? 1 : 0);
    Notifier::ready(one_line());
}

void Application::take_digests(const Digests& digests) {
    if (!in_force_.rules.empty()) metrics_.rule_bundle.remove({"rules", in_force_.rules});
    in_force_ = digests;
    metrics_.rule_bundle.with({"rules", in_force_.rules}).set(1);
}

/// All of it is read before any of it is in force.
Result<> Application::take_reloaded(RuleSet rules, const Config& config) {
    auto keyed = give_keys(rules, config);
    if (!keyed) return keyed;
    auto access = api_ ? read_access(config.api) : Result<Access>{};
    if (!access) return std::unexpected(access.error());
    const auto use_keys = agencies_->reread_keys();
    if (!use_keys) return std::unexpected(use_keys.error());
    (*use_keys)();
    if (api_) {
        api_->replace_tokens(std::move(access->tokens));
        api_->replace_accounts(std::move(access->accounts));
        api_->replace_tls(std::move(access->tls));
        show_certificates(config);
    }
    rules_ = std::move(rules);
    count_rules(rules_.statuses, metrics_);
    slot_->swap(rules_.rules);
    desk_->route_by(rules_.routing);
    shared_routing_.store(rules_.routing);
    config_.asset = config.asset;
    config_.budget = config.budget;
    config_.phase = config.phase;
    take_calendar(config_);
    phases_->store(phase_table(config_, phases_->load()->otherwise));
    metrics_.config_last_reload_success_timestamp.with().set(
        to_seconds(clock_.now().time_since_epoch()));
    Config comparable = config;
    comparable.rules = config_.rules;
    comparable.asset = config_.asset;
    comparable.budget = config_.budget;
    comparable.phase = config_.phase;
    if (comparable != config_)
        logging::warning(
            "settings other than rules, routing, assets, budgets, phases, keys, tokens, accounts "
            "and certificates take effect on a restart");
    return {};
}

}  // namespace kentongan
