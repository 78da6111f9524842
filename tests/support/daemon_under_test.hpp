#pragma once
// DaemonUnderTest: kentongand as a process, with a folder of its own for rules, logs, keys and
// state.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/drill/child.hpp"
#include "tests/support/http_get.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {

/// Failures to write a file or to start a program are exceptions: no test expects them.
class DaemonUnderTest {
  public:
    explicit DaemonUnderTest(std::string program);

    /// A file of the folder; parents are made.
    void write(const std::string& name, std::string_view content) const;
    void append(const std::string& name, std::string_view content) const;
    [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
    [[nodiscard]] std::string config() const { return path("kentongan.toml"); }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// Where the state is, unless set_state() names another folder.
    [[nodiscard]] std::string state() const { return state_.empty() ? path("state") : state_; }
    void set_state(std::string folder) { state_ = std::move(folder); }

    /// Settings: state, rules, API with a token; `sources` is TOML that is added.
    void configure(const std::string& sources) const;

    void start();
    void kill() { child_->kill(); }
    void reload();  ///< SIGHUP
    /// SIGTERM; the exit status, or nothing when it did not end within a minute.
    [[nodiscard]] std::optional<int> stop() { return child_->end(60); }
    [[nodiscard]] bool running() { return child_ && child_->running(); }
    [[nodiscard]] pid_t pid() const { return child_->pid(); }
    /// Starts a daemon that is expected to end by itself.
    [[nodiscard]] Ended run_to_end() const;

    [[nodiscard]] Result<HttpAnswer> get(const std::string& target) const;
    /// Whether /-/ready answers 200; `why_not` gets the rest.
    [[nodiscard]] bool ready(std::string* why_not = nullptr) const;
    /// The first sample of a metric (`name` may end in labels: name{a="b"}).
    [[nodiscard]] std::optional<double> metric(const std::string& name) const;
    /// All it has printed, over all starts.
    [[nodiscard]] std::string log() const;

  private:
    TemporaryFolder folder_;
    std::string program_;
    std::string state_;
    std::uint16_t port_;
    std::optional<Child> child_;
};

}  // namespace kentongan
