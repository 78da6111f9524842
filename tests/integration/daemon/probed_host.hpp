#pragma once
// ProbedHost: a daemon that follows two growing access logs and tells four agencies, and what must
// be true of it however it was treated.
#include <atomic>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "tests/integration/daemon/probe_log.hpp"
#include "tests/support/agencies_under_test.hpp"
#include "tests/support/daemon_under_test.hpp"

namespace kentongan {

/// An alert as the database has it.
struct StoredProbe {
    std::string id;
    std::string rule;
    std::string address;
    std::uint64_t count = 0;
    std::set<std::string> agencies;
};

class ProbedHost {
  public:
    explicit ProbedHost(std::uint64_t seed, const std::string& state = {});
    ~ProbedHost();

    DaemonUnderTest daemon;
    AgenciesUnderTest agencies;
    ProbeLog distinct;
    ProbeLog repeated;

    /// Threads that append lines (and rotate now and then), and that ask the API for alerts.
    void start_load();
    /// Returns once the last line is written.
    void stop_load();
    [[nodiscard]] std::size_t seen_by_api() const;

    /// Everything that was written is stored, told to the agencies and acknowledged by them.
    [[nodiscard]] bool drained() const;
    /// The database of the stopped daemon.
    [[nodiscard]] std::vector<StoredProbe> stored() const;
    /// Each promise about stored() as an expectation: nothing lost, nothing doubled.
    void expect_each_line_once() const;

  private:
    void write_lines();
    [[nodiscard]] bool is_known(std::string_view rule);
    void ask_for_alerts();
    void note_listed();
    void expect_findings(const std::vector<StoredProbe>& alerts) const;
    void expect_acknowledged(const std::vector<StoredProbe>& alerts) const;
    void expect_told(const std::vector<StoredProbe>& alerts) const;
    [[nodiscard]] std::uint64_t repeated_findings() const;
    [[nodiscard]] std::uint64_t pending() const;

    generate::Random random_;
    std::atomic<std::uint64_t> lines_{0};
    std::atomic<bool> loading_{false};
    mutable std::mutex mutex_;
    std::set<std::string> listed_;      // ids the API has shown
    std::set<std::string_view> known_;  // rules; the writer's
    std::thread writer_;
    std::thread asker_;
};

}  // namespace kentongan
