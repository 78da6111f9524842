#include "daemon/pipeline/assembly.hpp"

#include <unistd.h>

#include <array>
#include <concepts>
#include <map>
#include <random>

#include "collectors/log/format.hpp"
#include "daemon/base/file.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/detect/anomaly/brute_force_detector.hpp"
#include "daemon/detect/anomaly/network_detectors.hpp"
#include "daemon/detect/anomaly/scan_detector.hpp"
#include "daemon/detect/anomaly/series/log_gap_detector.hpp"
#include "daemon/detect/anomaly/series/login_ratio_detector.hpp"
#include "daemon/detect/anomaly/series/series_detector.hpp"
#include "daemon/detect/anomaly/syn_flood_detector.hpp"
#include "daemon/detect/anomaly/volume_detector.hpp"
#include "daemon/detect/report/population.hpp"
#include "daemon/detect/report/report_detector.hpp"
#include "daemon/detect/sigma/sigma_correlator.hpp"
#include "daemon/detect/sirekap/workflow/detectors.hpp"
#include "daemon/pipeline/delivery_warnings.hpp"
#include "daemon/pipeline/sirekap_assembly.hpp"
#include "daemon/pipeline/workflow_options.hpp"

namespace kentongan {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kAsnFileBytes = std::size_t{128} << 20;

std::string routing_file(const RuleSettings& settings) {
    if (!settings.routing.empty() || settings.paths.empty()) return settings.routing;
    return (fs::path(settings.paths.front()) / "routing" / "routing.toml").native();
}

Result<std::shared_ptr<const Routing>> load_routing(const std::string& path) {
    const auto text = read_file(path, std::size_t{1} << 20);
    if (!text) return std::unexpected(text.error().within("routing file"));
    auto routing = Routing::parse(*text, path);
    if (!routing) return std::unexpected(routing.error());
    return std::make_shared<const Routing>(std::move(*routing));
}

std::vector<IpNetwork> networks_of(const std::vector<std::string>& texts) {
    std::vector<IpNetwork> out;
    for (const std::string& text : texts)
        if (const auto parsed = IpNetwork::parse(text)) out.push_back(*parsed);
    return out;
}

/// What phases may switch.
void set_thresholds(const AnomalySettings& settings, anomaly::AnomalyOptions& out) {
    out.scan_ports = settings.scan_ports;
    out.scan_hosts = settings.scan_hosts;
    out.syn_flood_per_second = settings.syn_flood_per_second;
    out.syn_flood_completed_ratio = settings.syn_flood_completed_ratio;
    out.brute_force_failures = settings.brute_force_failures;
    out.login_failure_z = settings.login_failure_z;
    out.log_gap_seconds = settings.log_gap_seconds;
    out.outbound_mb = settings.outbound_mb;
    out.outbound_day_mb = settings.outbound_day_mb;
}

anomaly::AnomalyOptions anomaly_options(const AnomalySettings& settings, RunKind run) {
    anomaly::AnomalyOptions out;
    set_thresholds(settings, out);
    out.scan_window_seconds = settings.scan_window_seconds;
    out.brute_force_window_seconds = settings.brute_force_window_seconds;
    out.table_entries = settings.table_entries;
    out.series_bin_seconds = settings.series_bin_seconds;
    out.series_warm_up_bins = settings.series_warm_up_bins;
    out.series_entries = settings.series_entries;
    out.outbound_allowed = networks_of(settings.outbound_allowed);
    out.own_networks = networks_of(settings.own_networks);
    out.own_domains = settings.own_domains;
    out.dns_allowed = settings.dns_allowed;
    out.beacon_allowed = networks_of(settings.beacon_allowed);
    out.management_hosts = networks_of(settings.management_hosts);
    out.access_networks = networks_of(settings.access_networks);
    out.web_sample = 4;  // of the busiest kind of events a part is enough to see a crowd by
    out.web_workers = settings.web_workers;
    out.link_mbps = settings.link_mbps;
    out.polls_close = parse_rfc3339(settings.polls_close);
    out.local_offset = local_offset(settings);
    out.seed = run.seed;
    out.live = run.live;
    return out;
}

/// Reads the file that says which autonomous system an address belongs to, where one is set.
Result<> add_asns(const AnomalySettings& settings, anomaly::AnomalyOptions& to) {
    for (const std::string& text : settings.access_asns) {
        const auto number = anomaly::parse_asn(text);
        if (!number)
            return fail(ErrorCode::config,
                        "anomaly.access_asns: '{}' is no number of an autonomous system such as "
                        "AS7713",
                        text);
        to.access_asns.push_back(*number);
    }
    if (settings.asn_file.empty()) return {};
    const auto text = read_file(settings.asn_file, kAsnFileBytes);
    if (!text) return std::unexpected(text.error());
    auto table = anomaly::AsnTable::parse(*text, settings.asn_file);
    if (!table) return std::unexpected(table.error());
    to.asns = std::make_shared<const anomaly::AsnTable>(std::move(*table));
    return {};
}

SigmaCorrelatorOptions correlator_options(const AnomalySettings& settings, RunKind run) {
    SigmaCorrelatorOptions out;
    out.limits.groups = static_cast<std::size_t>(settings.table_entries);
    out.seed = run.seed;
    return out;
}

/// The lists of `expand`: the file that settings name, or the one that comes with the rules.
Result<std::shared_ptr<const sigma::Placeholders>> load_placeholders(const RuleSettings& settings) {
    std::optional<fs::path> file = settings.placeholders;
    if (settings.placeholders.empty())
        file = sigma::find_placeholders({settings.paths.begin(), settings.paths.end()});
    if (!file) return nullptr;
    auto loaded = sigma::Placeholders::load(*file);
    if (!loaded) return std::unexpected(loaded.error());
    return std::make_shared<const sigma::Placeholders>(std::move(*loaded));
}

/// Where people write on forms; null when settings name no file.
Result<std::shared_ptr<const sirekap::FormLayouts>> load_forms(const std::string& path) {
    if (path.empty()) return nullptr;
    const auto text = read_file(path, std::size_t{1} << 20);
    if (!text) return std::unexpected(text.error().within("layout of forms"));
    auto forms = sirekap::FormLayouts::parse(*text, path);
    if (!forms) return std::unexpected(forms.error());
    return std::make_shared<const sirekap::FormLayouts>(std::move(*forms));
}

}  // namespace

Result<sigma::LoadOptions> sigma_options(const RuleSettings& settings, Timestamp now) {
    auto placeholders = load_placeholders(settings);
    if (!placeholders) return std::unexpected(placeholders.error());
    return sigma::LoadOptions{now, std::move(*placeholders), {}};
}

Result<RuleSet> load_rules(const RuleSettings& settings, Metrics& metrics, const fs::path& cache) {
    RuleSet out;
    const auto skipped = [&metrics](std::string_view reason) {
        metrics.yara_skipped.with({reason}).add();
    };
    const std::vector<fs::path> paths(settings.paths.begin(), settings.paths.end());
    auto options = sigma_options(settings, system_clock().now());
    if (!options) return std::unexpected(options.error());
    options->cache = cache;
    auto forms = load_forms(settings.forms);
    if (!forms) return std::unexpected(forms.error());
    auto rules = LoadedRules::load(paths, out.statuses, skipped, *options, std::move(*forms));
    if (!rules) return std::unexpected(rules.error());
    const auto failed = describe_refusals(out.statuses, RuleStatus::State::failed);
    if (!failed.empty()) return fail(ErrorCode::data, "{}", failed);
    auto routing = load_routing(routing_file(settings));
    if (!routing) return std::unexpected(routing.error());
    out.rules = std::move(*rules);
    out.routing = std::move(*routing);
    return out;
}

Result<std::vector<std::string>> check_rules(const Config& config) {
    Metrics metrics;
    const auto rules = load_rules(config.rules, metrics);
    if (!rules) return std::unexpected(rules.error());
    if (auto stateful = stateful_detectors(config); !stateful)
        return std::unexpected(stateful.error());
    return delivery_warnings(config, *rules->routing);
}

void count_rules(const std::vector<RuleStatus>& statuses, Metrics& metrics) {
    std::map<std::pair<std::string, RuleStatus::State>, double> counts;
    for (const auto* engine : {"sigma", "yara"})
        for (const auto state :
             {RuleStatus::State::ok, RuleStatus::State::unsupported, RuleStatus::State::failed})
            counts[{engine, state}] = 0;
    for (const RuleStatus& status : statuses) counts[{status.engine, status.state}] += 1;
    for (const auto& [key, count] : counts)
        metrics.rules_loaded.with({key.first, name_of(key.second)}).set(count);
}

std::uint64_t secret_seed() {
    std::random_device source;
    return std::uint64_t{source()} << 32 | source();
}

std::chrono::seconds local_offset(const AnomalySettings& settings) {
    return log::parse_zone(settings.zone).value_or(std::chrono::hours{7});
}

std::shared_ptr<const anomaly::PhaseTable> phase_table(const Config& config,
                                                       anomaly::AnomalyOptions otherwise) {
    auto out = std::make_shared<anomaly::PhaseTable>(
        anomaly::PhaseTable{.otherwise = std::move(otherwise), .rows = {}});
    const auto context = desk_context(config);
    for (const Phase& phase : context->calendar.phases()) {
        anomaly::PhaseTable::Row row{phase.begins, phase.ends, out->otherwise};
        set_thresholds(in_phase(config, config.phase.at(phase.name)).anomaly, row.options);
        out->rows.push_back(std::move(row));
    }
    return out;
}

Result<StatefulDetectors> stateful_detectors(const Config& config, RunKind run) {
    StatefulDetectors out;
    auto options = anomaly_options(config.anomaly, run);
    if (auto added = add_asns(config.anomaly, options); !added)
        return std::unexpected(added.error());
    out.phases->store(phase_table(config, options));
    std::vector<anomaly::Tunable*> tuned;
    const auto add = [&]<class T>(std::unique_ptr<T> detector) {
        if constexpr (std::derived_from<T, anomaly::Tunable>) tuned.push_back(detector.get());
        out.detectors.push_back(std::move(detector));
    };
    out.detectors.emplace_back();  // its place is before those that it tunes
    add(std::make_unique<anomaly::ScanDetector>(options));
    add(std::make_unique<anomaly::SynFloodDetector>(options));
    add(std::make_unique<anomaly::BruteForceDetector>(options));
    add(std::make_unique<SigmaCorrelator>(correlator_options(config.anomaly, run)));
    add(std::make_unique<anomaly::SeriesDetector>(options));
    add(std::make_unique<anomaly::LoginRatioDetector>(options));
    add(std::make_unique<anomaly::LogGapDetector>(options));
    add(std::make_unique<anomaly::VolumeDetector>(options));
    out.detectors.front() =
        std::make_unique<anomaly::PhasedThresholds>(out.phases, std::move(tuned));
    for (auto& detector : anomaly::network_detectors(options))
        out.detectors.push_back(std::move(detector));
    auto workflow = workflow_options(config, run.seed);
    if (!workflow) return std::unexpected(workflow.error());
    for (auto& detector : sirekap::workflow_detectors(std::move(*workflow)))
        out.detectors.push_back(std::move(detector));
    if (auto added = add_sirekap_detectors(config, out); !added)
        return std::unexpected(added.error());
    report::ReportDetector::Options reports{{}, run.seed};
    if (out.coverage) reports.areas = report::population_of(out.coverage->list());
    out.detectors.push_back(std::make_unique<report::ReportDetector>(std::move(reports)));
    return out;
}

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return name.data();
}

packet::Options packet_options(const PacketSettings& settings) {
    packet::Options out;
    out.interface = settings.interface;
    out.file = settings.file;
    out.filter = settings.filter;
    out.snap_bytes = settings.snap_bytes;
    out.buffer_mib = settings.buffer_mib;
    out.promiscuous = settings.promiscuous;
    out.maximum_flows = settings.maximum_flows;
    out.body_bytes = settings.body_bytes;
    out.stream_bytes = settings.stream_bytes;
    out.checksums = settings.checksums;
    out.vlans_apart = settings.vlans_apart;
    out.long_flow_seconds = settings.long_flow_seconds;
    return out;
}

log::Options log_options(const std::string& name, const LogSettings& settings) {
    log::Options out;
    out.name = name;
    out.path = settings.path;
    out.format = settings.format;
    out.zone = settings.zone;
    out.start = settings.start;
    out.category = settings.category;
    out.product = settings.product;
    out.service = settings.service;
    out.fields = settings.fields;
    out.line_bytes = settings.line_bytes;
    out.multiline = settings.multiline;
    out.record_bytes = settings.record_bytes;
    out.record_lines = settings.record_lines;
    return out;
}

journal::Options journal_options(const std::string& name, const JournalSettings& settings) {
    journal::Options out;
    out.name = name;
    out.path = settings.path;
    out.units = settings.units;
    out.identifiers = settings.identifiers;
    out.start = settings.start;
    return out;
}

sirekap::PublishedOptions published_options(const std::string& name,
                                            const PublishedSettings& settings) {
    sirekap::PublishedOptions out;
    out.name = name;
    out.folder = settings.folder;
    out.url = settings.url;
    out.race = settings.race;
    out.referer = settings.referer;
    out.ca_file = settings.ca_file;
    out.areas = settings.areas;
    out.depth = settings.depth;
    out.interval = std::chrono::seconds{settings.interval_seconds};
    out.connections = settings.connections;
    out.requests_per_second = settings.requests_per_second;
    out.timeout = std::chrono::seconds{settings.timeout_seconds};
    out.maximum_bytes = settings.maximum_mib << 20;
    out.redirects = settings.redirects;
    out.redirect_hosts = settings.redirect_hosts;
    out.quota_mib = settings.quota_mib;
    return out;
}

integrity::Options integrity_options(const IntegritySettings& settings) {
    integrity::Options out;
    out.path = settings.path;
    out.exclude = settings.exclude;
    out.interval = std::chrono::seconds{settings.interval_seconds};
    out.kind = settings.kind;
    return out;
}

Result<report::Options> report_options(const ReportSettings& settings) {
    report::Options out;
    out.listen = settings.listen;
    for (const std::string& text : settings.trusted_proxies) {
        const auto network = IpNetwork::parse(text);
        if (!network)
            return fail(ErrorCode::config,
                        "report.trusted_proxies: '{}' is no network such as 10.0.0.0/8", text);
        out.trusted_proxies.push_back(*network);
    }
    const auto mib = [](std::int64_t count) { return static_cast<std::uint64_t>(count) << 20; };
    out.journal_bytes = mib(settings.journal_mib);
    out.photos_bytes = mib(settings.photos_mib);
    out.connections = static_cast<std::size_t>(settings.connections);
    out.limits.per_hour = settings.per_hour;
    out.limits.per_hour_without_proof = settings.per_hour_without_proof;
    out.limits.unproven_per_hour = settings.unproven_per_hour;
    out.limits.contact_per_hour = settings.contact_per_hour;
    out.limits.difficulty = static_cast<unsigned>(settings.difficulty_bits);
    out.limits.busy_per_minute = settings.busy_per_minute;
    out.content.text_characters = static_cast<std::size_t>(settings.text_characters);
    out.content.photos = static_cast<std::size_t>(settings.photos);
    out.content.photo_bytes = mib(settings.photo_mib);
    out.content.zone = log::parse_zone(settings.zone).value_or(std::chrono::hours{7});
    return out;
}

}  // namespace kentongan
