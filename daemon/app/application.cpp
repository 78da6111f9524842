#include "daemon/app/application.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <thread>

#include "collectors/integrity/integrity_collector.hpp"
#include "collectors/journal/journal_collector.hpp"
#include "collectors/log/log_collector.hpp"
#include "collectors/packet/packet_collector.hpp"
#include "collectors/report/report_collector.hpp"
#include "collectors/sirekap/published_collector.hpp"
#include "collectors/zeek/bridge_collector.hpp"
#include "daemon/app/change_control.hpp"
#include "daemon/app/duty.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/deliver/delivery_finding.hpp"
#include "daemon/pipeline/delivery_warnings.hpp"
#include "daemon/pipeline/history_settings.hpp"
#include "daemon/pipeline/kept_packets.hpp"
#include "daemon/pipeline/receipts.hpp"

namespace kentongan {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kHeartbeat{2};
/// Logs may lag; alerts this much older than the last pulse may still be merged into.
constexpr std::chrono::hours kLateLogs{1};

std::size_t lanes_of(const Config& config) {
    if (config.daemon.lanes > 0) return static_cast<std::size_t>(config.daemon.lanes);
    return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

/// An exercise's clock may run faster than the beats.
Duration Application::pulse_patience() const {
    const double seconds = to_seconds(PulseMonitor::kPatience) * config_.daemon.exercise_speed;
    return Duration{static_cast<Duration::rep>(seconds * 1e9)};
}

fs::path cache_folder(const Config& config) {
    return fs::path(config.daemon.state_directory) / "cache";
}

std::string store_path(const Config& config) {
    return config.store.path.empty()
               ? (fs::path(config.daemon.state_directory) / "alerts.db").native()
               : config.store.path;
}

Sources sources_of(const Launch& launch) {
    Sources out;
    out.vendor_file = kVendorFile;
    out.main_file = launch.config_file;
    out.environment = kentongan_environment();
    out.set = launch.settings;
    return out;
}

Application::Application(Launch launch, Config config)
    : launch_(std::move(launch)),
      config_(std::move(config)),
      own_clock_(clock_for(config_.daemon)),
      clock_(*own_clock_),
      started_(clock_.now()) {
    metrics_.build_info.with({KENTONGAN_VERSION, KENTONGAN_REVISION, "clang " __clang_version__})
        .set(1);
}

Application::~Application() = default;

Result<std::unique_ptr<Application>> Application::build(Launch launch, Config config) {
    std::unique_ptr<Application> app{new Application(std::move(launch), std::move(config))};
    for (const auto step :
         {&Application::load_rules, &Application::open_store, &Application::build_pipeline,
          &Application::add_sources, &Application::build_desk, &Application::open_agencies,
          &Application::open_history, &Application::open_casework, &Application::open_api})
        if (auto done = (app.get()->*step)(); !done) return std::unexpected(done.error());
    app->store_thread_.start();
    return app;
}

Result<> Application::load_rules() {
    take_digests(digests_of(config_));
    note_change({.time = started_, .what = {"start"}});
    auto loaded = kentongan::load_rules(config_.rules, metrics_, cache_folder(config_));
    if (!loaded) return std::unexpected(loaded.error());
    rules_ = std::move(*loaded);
    if (auto keyed = give_keys(rules_, config_); !keyed) return keyed;
    count_rules(rules_.statuses, metrics_);
    const auto left_out = describe_refusals(rules_.statuses, RuleStatus::State::unsupported);
    if (!left_out.empty()) logging::warning("rules left out", {{"rules", left_out}});
    slot_ = std::make_unique<RuleSlot>(rules_.rules);
    metrics_.config_last_reload_successful.with().set(1);
    metrics_.config_last_reload_success_timestamp.with().set(
        to_seconds(started_.time_since_epoch()));
    return {};
}

/// Pseudonyms are made with keys that are settings, not rules.
Result<> Application::give_keys(RuleSet& rules, const Config& config) {
    const auto keys = pseudonym_keys(config);
    if (!keys) return std::unexpected(keys.error());
    for (const std::string& name : rules.routing->missing_keys(*keys))
        logging::warning("no [redaction] key_file; what it should get as pseudonyms is withheld",
                         {{"agency", name}});
    rules.routing = rules.routing->with_keys(*keys);
    for (const std::string& warning : delivery_warnings(config, *rules.routing))
        logging::warning(warning);
    return {};
}

Result<> Application::open_store() {
    std::error_code failed;
    const fs::path folder = config_.daemon.state_directory;
    fs::create_directories(folder, failed);
    if (failed) return fail_errno("create", folder.native(), failed.value());
    const std::string path = store_path(config_);
    auto opened = SqliteAlertStore::open(path, SqliteAlertStore::Mode::read_write, clock_);
    if (!opened) return std::unexpected(opened.error());
    store_ = std::move(*opened);
    auto bookmarks = store_->bookmarks();
    if (!bookmarks) return std::unexpected(bookmarks.error());
    bookmarks_ = std::move(*bookmarks);
    return keep_duty(*store_, bookmarks_, config_.daemon.exercise, path);
}

Result<> Application::build_pipeline() {
    const RunKind run{.live = true, .seed = secret_seed()};
    auto stateful = stateful_detectors(config_, run);
    if (!stateful) return std::unexpected(stateful.error());
    for (const auto& detector : stateful->detectors) {
        const std::string key = "detector:" + std::string(detector->name());
        if (auto restored = detector->restore_from(key, bookmarks_); !restored)
            logging::warning("a detector begins anew", {{"detector", detector->name()},
                                                        {"reason", restored.error().message}});
    }
    phases_ = stateful->phases;
    coverage_ = stateful->coverage;
    election_ = stateful->election;
    for (const std::string& note : stateful->notes) logging::warning(note);
    Pipeline::Options options;
    options.lanes = lanes_of(config_);
    options.heartbeat = kHeartbeat;
    options.seed = run.seed;
    pipeline_ = std::make_unique<Pipeline>(loop_.get_executor(), options, *slot_,
                                           std::move(stateful->detectors), metrics_, clock_);
    pulse_ = std::make_unique<PulseMonitor>(options.lanes, pulse_patience());
    return {};
}

Result<> Application::add_sources() {
    const auto resume = [this](const std::string& source) -> std::optional<Bookmark> {
        const auto found = bookmarks_.find(source);
        if (found == bookmarks_.end()) return std::nullopt;
        return Bookmark{source, found->second};
    };
    const auto add = [this](std::unique_ptr<Collector> collector) {
        source_names_.emplace_back(collector->name());
        pipeline_->add(std::move(collector));
    };
    int fanout_group = static_cast<int>(::getpid() & 0x7FFF);  // of this process alone
    for (const auto& [name, settings] : config_.packet) {
        const std::int64_t handles = settings.file.empty() ? settings.handles : 1;
        std::shared_ptr<packet::FileStore> files;
        if (auto archive = archive_options(name, settings, config_.daemon);
            archive.quota_bytes > 0 && settings.file.empty())
            files = std::make_shared<packet::FileStore>(std::move(archive),
                                                        pipeline_->scan_executor(), metrics_, name);
        const auto awaited = std::make_shared<packet::AwaitedFiles>();
        for (std::int64_t handle = 0; handle < handles; ++handle) {
            const std::string source =
                handles == 1 ? "packet:" + name : fmt::format("packet:{}/{}", name, handle);
            packet::Options options = packet_options(settings);
            if (handles > 1) options.fanout = fanout_group + 1;
            auto collector = std::make_unique<packet::PacketCollector>(source, options, metrics_);
            auto ring = ring_options(source, settings, config_.daemon);
            ring.quota_bytes /= static_cast<std::uint64_t>(handles);
            if (ring.quota_bytes > 0 && settings.file.empty())
                collector->record(std::move(ring), pipeline_->scan_executor());
            collector->store_files(files);
            collector->share_awaited(awaited);
            add(std::move(collector));
        }
        ++fanout_group;
    }
    for (const auto& [name, settings] : config_.log) {
        log::Options options = log_options(name, settings);
        options.follow = true;
        options.on_state = [name](std::string_view state) {
            logging::info(state, {{"log", name}});
        };
        auto collector = log::LogCollector::make(options, metrics_, clock_, resume("log:" + name));
        if (!collector) return std::unexpected(collector.error().within("log." + name));
        add(std::move(*collector));
    }
    for (const auto& [name, settings] : config_.journal) {
        journal::Options options = journal_options(name, settings);
        options.follow = true;
        options.on_state = [name](std::string_view state) {
            logging::info(state, {{"journal", name}});
        };
        auto collector =
            journal::JournalCollector::make(options, metrics_, clock_, resume("journal:" + name));
        if (!collector) return std::unexpected(collector.error());
        add(std::move(*collector));
    }
    for (const auto& [name, settings] : config_.integrity) {
        integrity::Options options = integrity_options(settings);
        options.baseline = fs::path(config_.daemon.state_directory) / ("baseline-" + name + ".kfi");
        if (const auto kept = resume("integrity:" + name)) options.bookmark = kept->state;
        add(std::make_unique<integrity::IntegrityCollector>(
            name, options, pipeline_->scan_executor(), clock_, metrics_));
    }
    for (const auto& [name, settings] : config_.published) {
        sirekap::PublishedOptions options = published_options(name, settings);
        options.follow = true;
        options.on_state = [name](std::string_view state) {
            logging::info(state, {{"published", name}});
        };
        if (settings.url.starts_with("https:")) server_certificates_["published:" + name] = 0;
        options.on_certificate = [this, name](std::int64_t end) {
            asio::post(loop_,
                       [this, name, end] { server_certificates_["published:" + name] = end; });
        };
        if (settings.quota_mib > 0)
            options.versions = fs::path(config_.daemon.state_directory) / "published" / name;
        auto collector = sirekap::PublishedCollector::make(std::move(options), metrics_, clock_,
                                                           resume("published:" + name));
        if (!collector) return std::unexpected(collector.error());
        add(std::move(*collector));
    }
    if (!config_.zeek.socket.empty()) {
        zeek::BridgeOptions options;
        options.socket = config_.zeek.socket;
        add(std::make_unique<zeek::BridgeCollector>("zeek:bridge", options, metrics_, clock_));
    }
    if (!config_.report.listen.empty()) {
        auto options = report_options(config_.report);
        if (!options) return std::unexpected(options.error());
        options->folder = fs::path(config_.daemon.state_directory) / "reports";
        options->blocking = pipeline_->scan_executor();
        options->on_listening = [listen = config_.report.listen](std::uint16_t port) {
            logging::info("listening", {{"reports", listen}, {"port", port}});
        };
        if (auto kept = resume("report:intake")) options->bookmark = std::move(kept->state);
        add(std::make_unique<report::ReportCollector>("report:intake", std::move(*options),
                                                      metrics_, clock_));
    }
    if (source_names_.empty() && config_.witnessing.listen.empty())
        return fail(ErrorCode::config,
                    "{} names no source: add a [packet.NAME], [log.NAME], [journal.NAME], "
                    "[integrity.NAME], [published.NAME], [report] or [zeek] table",
                    launch_.config_file);
    return {};
}

Result<> Application::build_desk() {
    DeskOptions options = desk_options(config_);
    context_ = options.context;
    shared_context_.store(context_);
    shared_routing_.store(rules_.routing);
    AlertDesk desk{std::move(options), rules_.routing};
    // Without a heartbeat the database is moments old: all of it may still be merged into.
    const auto pulse = bookmarks_.find("heartbeat");
    const Timestamp last_alive = pulse == bookmarks_.end()
                                     ? Timestamp{}
                                     : parse_rfc3339(pulse->second).value_or(Timestamp{});
    auto open = store_->open_alerts(last_alive - kLateLogs -
                                    std::chrono::seconds{config_.alerts.merge_seconds});
    if (!open) return std::unexpected(open.error());
    desk.resume(std::move(*open));
    const auto announce = [this](const Committed& committed) { announced(committed); };
    DeskStage::Options stage;
    stage.exercise = config_.daemon.exercise;
    stage.lanes = lanes_of(config_);
    desk_ = std::make_unique<DeskStage>(stage, std::move(desk), rules_.routing, *store_,
                                        store_thread_.executor(), metrics_, clock_, announce);
    auto destinations = destinations_of(config_, desk_options(config_).hostname);
    if (!destinations) return std::unexpected(destinations.error());
    destinations_ = std::move(*destinations);
    desk_->send_to(destinations_);
    figures_ =
        std::make_unique<DailyFigures>(*store_, *store_, clock_, local_offset(config_.anomaly));
    return compare_settings();
}

Result<> Application::open_agencies() {
    const auto page = [this](const std::string& destination, const std::string& reason) {
        desk_->report(delivery_finding(destination, reason, clock_.now()));
    };
    const Tell tell = [this](const std::string& destination, const auto& outcomes) {
        return receipts_of(destination, outcomes, *store_, clock_.now());
    };
    auto opened =
        Agencies::open(config_.delivery, *store_,
                       {loop_.get_executor(), store_thread_.executor(), pipeline_->scan_executor(),
                        metrics_, clock_, desk_options(config_).hostname, page, tell});
    if (!opened) return std::unexpected(opened.error());
    agencies_ = std::move(*opened);
    for (const auto& agency : rules_.routing->agencies())
        if (!agencies_->knows(agency))
            logging::warning("no [delivery] table; its messages wait in the database",
                             {{"agency", agency}});
    return {};
}

Result<> Application::open_history() {
    if (config_.ledger.enabled) {
        auto made = History::make(
            config_, *store_,
            {loop_.get_executor(), store_thread_.executor(), pipeline_->scan_executor()}, metrics_,
            clock_);
        if (!made) return std::unexpected(made.error());
        history_ = std::move(*made);
    }
    if (config_.witnessing.listen.empty()) return {};
    auto witness = open_witness(config_);
    if (!witness) return std::unexpected(witness.error());
    witness_ =
        std::make_unique<WitnessService>(config_.witnessing.listen, std::move(*witness),
                                         loop_.get_executor(), pipeline_->scan_executor(), clock_);
    if (auto listening = witness_->listen(); !listening) return listening;
    logging::info("listening", {{"witness", config_.witnessing.listen},
                                {"port", witness_->bound_port()},
                                {"key", witness_->public_key().text()}});
    return {};
}

}  // namespace kentongan
