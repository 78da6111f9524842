#pragma once
// Application: kentongand. Builds every part in the order data flows, runs them, and takes them
// down in reverse.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/api/casework.hpp"
#include "daemon/api/server.hpp"
#include "daemon/app/agencies.hpp"
#include "daemon/app/board.hpp"
#include "daemon/app/change_control.hpp"
#include "daemon/app/history.hpp"
#include "daemon/app/notifier.hpp"
#include "daemon/app/witness_service.hpp"
#include "daemon/async/loop_thread.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/pipeline/assembly.hpp"
#include "daemon/pipeline/daily_figures.hpp"
#include "daemon/pipeline/pipeline.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "daemon/store/sqlite/sqlite_triage.hpp"

namespace kentongan {

/// How the daemon was started; kept for reloads.
struct Launch {
    std::string config_file;
    std::vector<std::string> settings;             ///< --set
    std::map<std::string, std::string> origins{};  ///< of the settings that are not the default
};
[[nodiscard]] Sources sources_of(const Launch& launch);
/// For what can be made again: compiled rules.
[[nodiscard]] std::filesystem::path cache_folder(const Config& config);
/// The database's file.
[[nodiscard]] std::string store_path(const Config& config);

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
    [[nodiscard]] static Result<> give_keys(RuleSet& rules, const Config& config);
    [[nodiscard]] Result<> open_store();
    [[nodiscard]] Result<> build_pipeline();
    [[nodiscard]] Result<> add_sources();
    [[nodiscard]] Result<> build_desk();
    [[nodiscard]] Result<> open_agencies();
    [[nodiscard]] Result<> open_casework();
    [[nodiscard]] Result<> open_history();
    [[nodiscard]] Result<> open_api();

    [[nodiscard]] Task<Result<>> live();
    [[nodiscard]] Task<> guard_services(Result<>& outcome);
    [[nodiscard]] Task<> obey_signals();
    [[nodiscard]] Task<> keep_pulse();
    [[nodiscard]] Task<> watch_store();
    [[nodiscard]] Task<> tell_figures();
    [[nodiscard]] Task<> limit_drain();
    [[nodiscard]] Task<> reload();
    [[nodiscard]] Result<> take_reloaded(RuleSet rules, const Config& config);
    void take_digests(const Digests& digests);
    [[nodiscard]] Task<Result<>> second_person(std::string change);
    void permit(const std::string& object);
    void keep_control(const std::string& control);
    void compare_control();
    [[nodiscard]] Task<> ask_for_start();
    void confirm_start();
    void note_change(Change change);
    void begin_stop();
    [[noreturn]] static void give_up(const std::string& reason);

    [[nodiscard]] Task<Result<api::KeptPackets>> kept_packets(
        std::vector<std::filesystem::path> folders, std::string alert);
    [[nodiscard]] Task<Result<std::string>> export_evidence(api::EvidenceOrder order);
    [[nodiscard]] Task<Result<>> hand_over(api::HandoverOrder order);
    [[nodiscard]] Duration pulse_patience() const;
    [[nodiscard]] api::Health health() const;
    [[nodiscard]] boost::json::object status() const;
    [[nodiscard]] std::string one_line() const;
    [[nodiscard]] boost::json::array attention() const;
    void announced(const Committed& committed);
    [[nodiscard]] Result<std::vector<NewDelivery>> messages_for(const Alert& alert,
                                                                const std::string& agency,
                                                                bool again) const;
    void measure_coverage();
    [[nodiscard]] api::Views views();
    struct Access {
        api::Tokens tokens;
        std::shared_ptr<const api::Accounts> accounts;
        web::TlsContext tls;
    };
    [[nodiscard]] static Result<Access> read_access(const ApiSettings& settings);
    void show_certificates(const Config& config);
    [[nodiscard]] boost::json::array certificates() const;
    void logged_in(const api::LoginEvent& event);
    void store_logins(bool all = false);
    void read_red(const std::string& name, std::vector<std::string> objects);
    void store_readings();
    [[nodiscard]] Task<Result<boost::json::object>> proof_of(std::string alert);
    [[nodiscard]] boost::json::object history_head() const;
    [[nodiscard]] Result<> compare_settings();
    void tell_of_change(const DeskContext& before, std::string_view what);
    void take_calendar(const Config& config);
    void show_phase();
    void note_phase(const Phase& phase);

    Launch launch_;
    Config config_;
    std::unique_ptr<const Clock> own_clock_;
    const Clock& clock_;
    Timestamp started_;
    Metrics metrics_;
    boost::asio::io_context loop_{1};
    RuleSet rules_;
    std::unique_ptr<RuleSlot> slot_;
    std::unique_ptr<SqliteAlertStore> store_;
    // Starts when all is built and ends before the store does, which one thread has at a time.
    LoopThread store_thread_{"store", LoopThread::Starts::later};
    std::map<std::string, std::string> bookmarks_;
    std::shared_ptr<anomaly::PhaseSlot> phases_;
    std::shared_ptr<const sirekap::Coverage> coverage_;
    sirekap::Election election_;
    std::unique_ptr<Pipeline> pipeline_;
    std::shared_ptr<const DeskContext> context_;
    std::atomic<std::shared_ptr<const DeskContext>> shared_context_;  // for the store's thread
    std::atomic<std::shared_ptr<const Routing>> shared_routing_;      // the same
    std::shared_ptr<const Destinations> destinations_;                // immutable
    std::string phase_;  // of the election, as last shown; empty: none
    std::unique_ptr<DeskStage> desk_;
    std::unique_ptr<Agencies> agencies_;
    std::unique_ptr<SqliteTriage> triage_;
    std::unique_ptr<api::Casework> casework_;
    std::unique_ptr<DailyFigures> figures_;  // on the store's thread
    Digests in_force_;
    std::string permitted_;                  // Digests::control of what two persons said yes to
    std::string started_with_;               // Digests::control of this start
    std::string start_approval_;             // which asks for a yes to it
    std::atomic<bool> unconfirmed_ = false;  // it has none, and needs it
    std::deque<Change> changes_;             // newest first
    std::map<std::string, std::int64_t> certificates_;         // ours: when they end, Unix seconds
    std::map<std::string, std::int64_t> server_certificates_;  // watched servers'; 0: not seen yet
    std::unique_ptr<History> history_;                         // none: ledger.enabled is off
    std::unique_ptr<WitnessService> witness_;                  // none: no witnessing.listen
    std::unique_ptr<api::Server> api_;
    std::unique_ptr<api::Server> metrics_server_;
    std::unique_ptr<PulseMonitor> pulse_;
    std::unique_ptr<Board> board_;
    std::vector<std::string> source_names_;
    boost::asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
    bool stopping_ = false;
    bool drained_ = false;
    std::map<std::string, sirekap::AreaCoverage> counted_;      // by province
    std::map<std::string, std::vector<std::string>> readings_;  // of TLP:RED, by whom
    api::LoginNotes logins_;
    TaskGroup services_{loop_.get_executor()};
};

}  // namespace kentongan
