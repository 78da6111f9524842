// kentongan-bench-match: what parsing and matching cost on one lane, beside reading and splitting
// the same file. Prints one JSON object for each measurement.
#include <fcntl.h>
#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstring>

#include "collectors/log/log_collector.hpp"
#include "daemon/base/file.hpp"
#include "daemon/detect/loaded_rules.hpp"
#include "daemon/detect/sigma/sigma_detector.hpp"
#include "daemon/pipeline/lane_sink.hpp"
#include "tests/support/sigma_regression.hpp"

namespace kentongan {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

double cpu_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// The lane's Sigma detector alone: the cost of other engines is another benchmark's.
class SigmaRulebook final : public Rulebook {
  public:
    explicit SigmaRulebook(std::shared_ptr<const sigma::Ruleset> rules)
        : rules_(std::move(rules)) {}
    std::vector<std::unique_ptr<Detector>> lane_detectors() const override {
        std::vector<std::unique_ptr<Detector>> out;
        out.push_back(std::make_unique<SigmaDetector>(rules_));
        return out;
    }
    const FileDetector& file_detector() const override { throw std::logic_error("no files"); }
    bool take_duty() const override { return rules_->plans().take_duty(); }
    void compile_wanted() const override { rules_->plans().compile_wanted(); }

  private:
    std::shared_ptr<const sigma::Ruleset> rules_;
};

/// Lines of a file, by reading it and looking for newlines.
std::uint64_t read_and_split(const std::string& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::vector<char> buffer(256 << 10);
    std::uint64_t lines = 0;
    for (;;) {
        const auto count = ::read(file.value(), buffer.data(), buffer.size());
        if (count <= 0) return lines;
        const char* end = buffer.data() + count;
        for (const char* at = buffer.data();
             (at = static_cast<const char*>(
                  std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) != nullptr;
             ++at)
            ++lines;
    }
}

struct Run {
    double seconds = 0;
    std::uint64_t lines = 0;
    std::uint64_t findings = 0;
};

/// One log through the collector and the lane's sink, as in the daemon; what leaves the lane is
/// counted and dropped.
Run through_lane(const std::string& format, const std::string& path, const RuleSlot& slot) {
    Metrics metrics;
    SystemClock clock;
    asio::io_context loop{1};
    asio::thread_pool scan{1};
    log::Options options;
    options.path = path;
    options.format = format;
    auto collector = log::LogCollector::make(options, metrics, clock);
    if (!collector) throw std::runtime_error(collector.error().message);
    Channel<LaneBatch> channel{64};
    LaneSink::Options how;
    how.forwarded.add(EventKind::auth);  // the correlator wants logins
    how.scan = scan.get_executor();
    LaneSink sink{how, slot, channel, metrics};
    Run out;
    const auto drain = [&]() -> Task<> {
        while (auto batch = co_await channel.receive())
            for (const Item& item : batch->items)
                out.findings += std::holds_alternative<Finding>(item.what) ? 1 : 0;
    };
    const auto read = [&]() -> Task<> {
        (void)co_await (*collector)->run(sink);
        co_await sink.finish();
        channel.finish();
    };
    const double began = cpu_seconds();
    asio::co_spawn(loop, read(), asio::detached);
    asio::co_spawn(loop, drain(), asio::detached);
    loop.run();
    out.seconds = cpu_seconds() - began;
    out.lines = (*collector)->stats().lines;
    scan.join();
    return out;
}

template <class T>
T median(std::vector<T> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void measure_log(const std::string& format, const std::string& path,
                 const std::shared_ptr<const sigma::Ruleset>& ruleset, int rounds) {
    const RuleSlot slot{std::make_shared<SigmaRulebook>(ruleset)};
    (void)through_lane(format, path, slot);  // the plans are compiled, the file is in the cache
    std::size_t most = 0;                    // rules for one class of the events
    for (const auto& events : ruleset->plans().classes())
        most = std::max(most, ruleset->plans().plan_for(events)->rules().size());
    std::vector<double> ours;
    std::vector<double> plain;
    Run run;
    for (int i = 0; i < rounds; ++i) {
        const double began = cpu_seconds();
        (void)read_and_split(path);
        plain.push_back(cpu_seconds() - began);
        run = through_lane(format, path, slot);
        ours.push_back(run.seconds);
    }
    fmt::print(
        R"({{"log":"{}","rules":{},"lines":{},"seconds":{:.3f},"split_seconds":{:.4f},"findings":{}}})"
        "\n",
        format, most, run.lines, median(ours), median(plain), run.findings);
}

sigma::Ruleset load(const std::vector<fs::path>& rules, const std::string& cache,
                    std::size_t& refused) {
    std::vector<RuleStatus> statuses;
    auto out = sigma::Ruleset::load(rules, statuses, {{}, nullptr, cache});
    refused = 0;
    for (const auto& status : statuses) refused += status.state == RuleStatus::State::ok ? 0 : 1;
    return out;
}

/// Reads all rules and compiles them into one plan, that of events without a logsource.
void measure_compile(const std::vector<fs::path>& rules, const std::string& cache,
                     const char* what) {
    const double began = cpu_seconds();
    std::size_t refused = 0;
    const auto ruleset = load(rules, cache, refused);
    const double read = cpu_seconds() - began;
    const auto plan = ruleset.plans().plan_for({});
    const auto counts = ruleset.plans().counts();
    fmt::print(R"({{"compile":"{}","rules":{},"refused":{},"unwitnessed":{},"read_seconds":{:.3f},)"
               R"("seconds":{:.3f},"compiled":{},"from_cache":{}}})"
               "\n",
               what, ruleset.size(), refused, plan->always().size(), read, cpu_seconds() - began,
               counts.compiled, counts.read);
}

/// The regression events of a checkout, over and over, up to `lines` of them.
void write_events(const std::string& checkout, const sigma::Ruleset& rules, const std::string& path,
                  std::size_t lines) {
    const auto cases = sigma_regression(checkout, [&](std::string_view id) -> std::string {
        for (const auto& rule : rules.program().rules)
            if (rule.rule->id == id)
                return json::serialize(json::object{{"category", rule.logsource.category},
                                                    {"product", rule.logsource.product},
                                                    {"service", rule.logsource.service}});
        return {};
    });
    std::string text;
    for (std::size_t written = 0; !cases.empty() && written < lines;)
        for (const auto& one : cases)
            for (const auto& event : one.events) {
                text += event + '\n';
                ++written;
            }
    if (auto done = write_file(path, text); !done) throw std::runtime_error(done.error().message);
}

struct Asked {
    std::vector<std::string> rules;
    std::vector<std::string> logs;
    std::string cache;
    std::string regression;
    std::string events;
    std::size_t event_count = 20'000;
    bool compile = false;
    int rounds = 3;
};

void run(const Asked& asked) {
    const std::vector<fs::path> paths(asked.rules.begin(), asked.rules.end());
    if (asked.compile) {
        measure_compile(paths, asked.cache, "cold");
        measure_compile(paths, asked.cache, "cached");
    }
    std::size_t refused = 0;
    if (!asked.regression.empty())
        write_events(asked.regression, load(paths, asked.cache, refused), asked.events,
                     asked.event_count);
    for (const std::string& log : asked.logs) {
        const auto equals = log.find('=');
        const auto own = std::make_shared<const sigma::Ruleset>(load(paths, asked.cache, refused));
        measure_log(log.substr(0, equals), log.substr(equals + 1), own, asked.rounds);
    }
}

}  // namespace
}  // namespace kentongan

int main(int argc, char** argv) {
    CLI::App app{"Parsing and Sigma matching on one lane, beside reading and splitting the file"};
    kentongan::Asked asked;
    app.add_option("--rules", asked.rules, "rule folders or files")->required();
    app.add_option("--log", asked.logs, "FORMAT=FILE")->allow_extra_args(false);
    app.add_option("--cache", asked.cache, "folder for compiled plans");
    app.add_option("--write-events", asked.regression, "checkout of SigmaHQ to take events from");
    app.add_option("--events-file", asked.events, "where they are written");
    app.add_option("--event-count", asked.event_count)->capture_default_str();
    app.add_option("--rounds", asked.rounds)->capture_default_str();
    app.add_flag("--compile", asked.compile, "measure compiling, cold and from the cache");
    CLI11_PARSE(app, argc, argv);
    try {
        kentongan::run(asked);
    } catch (const std::exception& error) {
        fmt::print(stderr, "kentongan-bench-match: {}\n", error.what());
        return 70;
    }
    return 0;
}
