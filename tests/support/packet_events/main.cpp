// kentongan-packet-events: what the packet collector tells of capture files, one JSON object a
// line: its events as the correlate strand sees them, and the seconds of traffic. For tests that
// compare events, which `kentongan replay` does not print.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "collectors/packet/packet_collector.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/pipeline/pipeline.hpp"
#include "daemon/store/memory/memory_alert_store.hpp"

namespace {

using namespace kentongan;

void print_line(const std::string& line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
}

/// Of the content that YARA rules look at only its size and its hash are told.
void print(const Event& event) {
    std::string line = to_json(event);
    line.pop_back();
    const bool content = event.kind == EventKind::payload || event.kind == EventKind::content;
    if (content)
        line += fmt::format(R"(,"raw.bytes":{},"raw.sha256":"{}")", event.raw().size(),
                            sha256_hex(event.raw()));
    print_line(line + fmt::format(R"(,"source":"{}","position":{}}})", event.origin.source,
                                  event.origin.position));
}

void print(const TrafficSecond& second) {
    std::string out = fmt::format(
        R"({{"@timestamp":"{}","kind":"second","source":"{}","packets":{},"bytes":{},"left_out":{})",
        to_rfc3339(second.second), second.source, second.packets, second.bytes, second.left_out);
    out += R"(,"services":[)";
    for (const auto& one : second.services)
        out += fmt::format(R"("{} {} {} {} {} {}",)", one.destination.to_string(), one.port,
                           one.syns, one.completed, one.fins, one.sources);
    out += R"(""],"attempts":[)";
    for (const auto& one : second.attempts)
        out += fmt::format(R"("{} {} {} {}",)", one.source.to_string(), one.destination.to_string(),
                           one.port, one.succeeded);
    out += R"(""],"prefixes":[)";
    for (const auto& one : second.prefixes)
        out += fmt::format(R"("{} {} {} {} {}",)", one.network.to_string(), one.protocol,
                           one.packets, one.bytes, one.hosts);
    out += R"(""],"reflections":[)";
    for (const auto& one : second.reflections)
        out += fmt::format(R"("{} {} {} {} {}",)", one.victim.to_string(), one.packets,
                           one.unsolicited, one.unsolicited_bytes, one.reflectors);
    print_line(out + R"(""]})");
}

/// Wants all there is and prints it in the order in which detectors with state see it.
class Printer final : public Detector {
  public:
    explicit Printer(bool windows) : windows_(windows) {}
    [[nodiscard]] std::string_view name() const override { return "test.printer"; }
    [[nodiscard]] bool wants(EventKind kind) const override {
        return windows_ || (kind != EventKind::payload && kind != EventKind::content);
    }
    using Detector::inspect;
    void inspect(const Event& event, FindingSink&) override { print(event); }
    void inspect(const TrafficSecond& second, FindingSink&) override { print(second); }

  private:
    bool windows_;
};

struct NoFiles final : FileDetector {
    void inspect_file(const Event&, FindingSink&) const override {}
};

struct NoRules final : Rulebook {
    [[nodiscard]] std::vector<std::unique_ptr<Detector>> lane_detectors() const override {
        return {};
    }
    [[nodiscard]] const FileDetector& file_detector() const override { return files; }
    NoFiles files;
};

constexpr std::string_view kRouting = R"(agencies = ["kpu"]
owner = "kpu"
advisory = ["kpu"]
[class.default.kpu]
tlp = "AMBER"
)";

struct Asked {
    std::vector<std::string> files;
    packet::Options options;
    std::size_t lanes = 1;
    bool windows = false;
};

int run(const Asked& asked) {
    auto parsed = Routing::parse(kRouting, "routing.toml");
    if (!parsed) throw std::runtime_error(parsed.error().message);
    const auto routing = std::make_shared<const Routing>(std::move(*parsed));
    asio::io_context loop{1};
    Metrics metrics;
    SystemClock clock;
    MemoryAlertStore store;
    const RuleSlot rules{std::make_shared<NoRules>()};
    std::vector<std::unique_ptr<Detector>> detectors;
    detectors.push_back(std::make_unique<Printer>(asked.windows));
    Pipeline::Options options;
    options.order = Order::event_time;
    options.lanes = asked.lanes;
    Pipeline pipeline{loop.get_executor(), options, rules, std::move(detectors), metrics, clock};
    for (const std::string& file : asked.files) {
        packet::Options one = asked.options;
        one.file = file;
        const std::string base = file.substr(file.rfind('/') + 1);
        pipeline.add(std::make_unique<packet::PacketCollector>("pcap:" + base, one, metrics));
    }
    DeskStage desk{{.live = false, .retry = false},
                   AlertDesk{{}, routing},
                   routing,
                   store,
                   loop.get_executor(),
                   metrics,
                   clock,
                   nullptr};
    int status = 0;
    asio::co_spawn(loop, pipeline.run(desk), [&](std::exception_ptr e, std::vector<Error> failed) {
        if (e) status = 70;
        for (const Error& error : failed) {
            fmt::print(stderr, "kentongan-packet-events: {}\n", error.message);
            status = error.exit_status();
        }
    });
    loop.run();
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Prints what the packet collector tells of capture files, a JSON object a line"};
    app.footer("Example:\n  kentongan-packet-events night.pcap --lanes 4");
    Asked asked;
    app.add_option("file", asked.files, "capture files")->required();
    app.add_option("--lanes", asked.lanes, "lane threads")->check(CLI::Range(1, 64));
    app.add_flag("--windows", asked.windows, "with what YARA would look at: size and hash");
    app.add_option("--maximum-flows", asked.options.maximum_flows, "connections followed at once");
    CLI11_PARSE(app, argc, argv);
    return run(asked);
}
