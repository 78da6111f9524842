#pragma once
// Performance: the demo's night. Starts the daemon and its surroundings, plays the attacks, shows
// what arrives at the agencies, and judges whether every part took part.
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/async/task_group.hpp"
#include "daemon/drill/child.hpp"
#include "daemon/drill/generate/logs.hpp"
#include "daemon/drill/webhook_receiver.hpp"
#include "tests/support/demo/stage.hpp"
#include "tests/support/demo/traffic.hpp"

namespace kentongan::demo {

struct Options {
    std::filesystem::path programs;  ///< folder of kentongand, kentongan-broker-bridge, …
    std::filesystem::path rules;
    bool once = false;
    std::uint64_t seed = 2024;
    std::chrono::seconds length{45};  ///< of one night
};

class Performance {
  public:
    explicit Performance(Options options);
    ~Performance();

    /// The exit status.
    [[nodiscard]] Result<int> run();

  private:
    /// What one agency's stand-in has got.
    struct Tally {
        std::size_t messages = 0;
        std::size_t repeated = 0;
        std::map<std::string, std::size_t> by_ruleset;
    };

    [[nodiscard]] Result<> prepare();
    void open_agencies();
    [[nodiscard]] Result<> start_daemon();
    [[nodiscard]] Result<> start_zeek();
    [[nodiscard]] Task<Result<int>> play();
    [[nodiscard]] Task<Result<>> wait_until_ready();
    [[nodiscard]] Task<> night();
    [[nodiscard]] Task<> write_log(std::string name, std::vector<generate::Line> lines);
    [[nodiscard]] Task<> attack_network();
    [[nodiscard]] Task<> attack_files();
    [[nodiscard]] Task<> report_citizens();
    [[nodiscard]] Task<> lose_an_agency();
    [[nodiscard]] Task<> obey_interrupt();
    [[nodiscard]] Task<Result<int>> judge();
    void show(const std::string& agency, const ReceivedMessage& message);

    Options options_;
    boost::asio::io_context loop_{1};
    generate::Jakarta jakarta_;
    std::map<std::string, std::unique_ptr<WebhookReceiver>> receivers_;
    std::map<std::string, Tally> tallies_;
    std::vector<Agency> agencies_;
    std::unique_ptr<WebSite> site_;
    StageSettings settings_;
    std::optional<Stage> stage_;
    std::vector<Child> children_;
    bool interrupted_ = false;
    TaskGroup night_{loop_.get_executor()};
    TaskGroup services_{loop_.get_executor()};
};

}  // namespace kentongan::demo
