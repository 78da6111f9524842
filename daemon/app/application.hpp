#pragma once
// Application: kentongand. Builds every part in the order data flows, runs them, and takes them
// down in reverse.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <memory>
#include <string>
#include <vector>

#include "daemon/api/server.hpp"
#include "daemon/app/agencies.hpp"
#include "daemon/app/notifier.hpp"
#include "daemon/async/loop_thread.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/pipeline/assembly.hpp"
#include "daemon/pipeline/pipeline.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan {

/// How the daemon was started; kept for reloads.
struct Launch {
    std::string config_file;
    std::vector<std::string> settings;  ///< --set
};
[[nodiscard]] Sources sources_of(const Launch& launch);
/// For what can be made again: compiled rules.
[[nodiscard]] std::filesystem::path cache_folder(const Config& config);

class Application {
  public:
    /// Everything that can go wrong before the first event does so here, in one clear line.
    [[nodiscard]] static Result<std::unique_ptr<Application>> build(Launch launch, Config config);
    ~Application();

    /// Until SIGTERM or SIGINT (then drains) or until a source fails.
    [[nodiscard]] Result<> run();

  private:
    Application(Launch launch, Config config);

    // In the order data flows.
    [[nodiscard]] Result<> load_rules();
    [[nodiscard]] Result<> open_store();
    [[nodiscard]] Result<> build_pipeline();
    [[nodiscard]] Result<> add_sources();
    [[nodiscard]] Result<> build_desk();
    [[nodiscard]] Result<> open_agencies();
    [[nodiscard]] Result<> open_api();

    [[nodiscard]] Task<Result<>> live();
    [[nodiscard]] Task<> guard_services(Result<>& outcome);
    [[nodiscard]] Task<> obey_signals();
    [[nodiscard]] Task<> keep_pulse();
    [[nodiscard]] Task<> limit_drain();
    [[nodiscard]] Task<> reload();
    [[nodiscard]] Result<> take_reloaded(RuleSet rules, const Config& config);
    void begin_stop();
    [[noreturn]] static void give_up(const std::string& reason);

    [[nodiscard]] Task<Result<api::KeptPackets>> kept_packets(
        std::vector<std::filesystem::path> folders, std::string alert);
    [[nodiscard]] Duration pulse_patience() const;
    [[nodiscard]] api::Health health() const;
    [[nodiscard]] boost::json::object status() const;
    [[nodiscard]] std::string one_line() const;
    void announced(const Committed& committed);
    void measure_coverage();

    Launch launch_;
    Config config_;
    std::unique_ptr<const Clock> own_clock_;
    const Clock& clock_;
    Timestamp started_;
    Metrics metrics_;
    boost::asio::io_context loop_{1};
    LoopThread store_thread_{"store"};
    RuleSet rules_;
    std::unique_ptr<RuleSlot> slot_;
    std::unique_ptr<SqliteAlertStore> store_;
    std::map<std::string, std::string> bookmarks_;
    std::shared_ptr<const sirekap::Coverage> coverage_;
    sirekap::Election election_;
    std::unique_ptr<Pipeline> pipeline_;
    std::unique_ptr<DeskStage> desk_;
    std::unique_ptr<Agencies> agencies_;
    std::unique_ptr<api::Server> api_;
    std::unique_ptr<api::Server> metrics_server_;
    std::unique_ptr<PulseMonitor> pulse_;
    std::vector<std::string> source_names_;
    boost::asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
    bool stopping_ = false;
    bool drained_ = false;
    std::map<std::string, sirekap::AreaCoverage> counted_;  // by province
    TaskGroup services_{loop_.get_executor()};
};

}  // namespace kentongan
