#pragma once
// From settings to parts: the rules, the detectors with state and the collectors that settings
// name.
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/collector.hpp"
#include "collectors/integrity/integrity_collector.hpp"
#include "collectors/journal/journal_collector.hpp"
#include "collectors/log/log_collector.hpp"
#include "collectors/packet/options.hpp"
#include "collectors/report/options.hpp"
#include "collectors/sirekap/options.hpp"
#include "daemon/alert/desk.hpp"
#include "daemon/alert/routing.hpp"
#include "daemon/config/config.hpp"
#include "daemon/detect/anomaly/phased_thresholds.hpp"
#include "daemon/detect/loaded_rules.hpp"
#include "daemon/detect/sirekap/coverage.hpp"
#include "daemon/detect/sirekap/election.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan {

/// What is detected and who is told; loaded together so that a reload is taken whole or not at all.
struct RuleSet {
    std::shared_ptr<const LoadedRules> rules;
    std::shared_ptr<const Routing> routing;
    std::vector<RuleStatus> statuses;
};

/// Error (data) when any rule failed or the routing file is wrong; rules that are unsupported are
/// left out and stay in statuses. What YARA skips is counted in `metrics`. `cache`: a folder for
/// what is compiled, or empty. Blocking.
[[nodiscard]] Result<RuleSet> load_rules(const RuleSettings& settings, Metrics& metrics,
                                         const std::filesystem::path& cache = {});
/// The placeholders that settings name or that come with the rules; `now` decides which filters
/// have expired.
[[nodiscard]] Result<sigma::LoadOptions> sigma_options(const RuleSettings& settings, Timestamp now);
/// Loads them all and throws them away; what delivery_warnings() says of destinations.
[[nodiscard]] Result<std::vector<std::string>> check_rules(const Config& config);
/// Sets kentongan_rules_loaded.
void count_rules(const std::vector<RuleStatus>& statuses, Metrics& metrics);

struct StatefulDetectors {
    std::vector<std::unique_ptr<Detector>> detectors;
    std::shared_ptr<const sirekap::Coverage> coverage;  ///< null without a register
    sirekap::Election election;
    /// Which thresholds hold in which phase; a reload of phases puts another table in.
    std::shared_ptr<anomaly::PhaseSlot> phases = std::make_shared<anomaly::PhaseSlot>();
    std::vector<std::string> notes;  ///< what people should know of the Sirekap settings
};
/// How a run differs for detectors with state: live, hashes have a secret seed and event time is
/// the clock's; a replay must give the same alerts every time.
struct RunKind {
    bool live = false;
    std::uint64_t seed = 0;
};
[[nodiscard]] Result<StatefulDetectors> stateful_detectors(const Config& config, RunKind run = {});
/// Of the clock by which days are counted, ahead of UTC.
[[nodiscard]] std::chrono::seconds local_offset(const AnomalySettings& settings);
/// The thresholds of each phase over what else the options are.
[[nodiscard]] std::shared_ptr<const anomaly::PhaseTable> phase_table(
    const Config& config, anomaly::AnomalyOptions otherwise);
/// A seed that nobody outside can know.
[[nodiscard]] std::uint64_t secret_seed();

/// The profile that settings name, with their overrides; errors (config) name the setting.
[[nodiscard]] Result<sirekap::Election> election_of(const SirekapSettings& settings);

/// Takes up what the daemon keeps of coverage among its bookmarks, if it has kept any.
[[nodiscard]] Result<> restore_coverage(const std::map<std::string, std::string>& bookmarks,
                                        sirekap::Coverage& coverage);

[[nodiscard]] DeskOptions desk_options(const Config& config);
/// Assets, phases and budgets of the settings; a reload gives the desk a new one.
[[nodiscard]] std::shared_ptr<const DeskContext> desk_context(const Config& config);

[[nodiscard]] packet::Options packet_options(const PacketSettings& settings);
[[nodiscard]] log::Options log_options(const std::string& name, const LogSettings& settings);

[[nodiscard]] journal::Options journal_options(const std::string& name,
                                               const JournalSettings& settings);
[[nodiscard]] sirekap::PublishedOptions published_options(const std::string& name,
                                                          const PublishedSettings& settings);
[[nodiscard]] integrity::Options integrity_options(const IntegritySettings& settings);
/// Error (config): a trusted proxy is no network. Folder, bookmark and executor are the caller's.
[[nodiscard]] Result<report::Options> report_options(const ReportSettings& settings);

/// The host's name.
[[nodiscard]] std::string host_name();

}  // namespace kentongan
