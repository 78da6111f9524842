// kentongan replay: the options, the output, the statistics.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "collectors/log/format.hpp"
#include "daemon/base/file.hpp"
#include "daemon/cli/alert_table.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/replay.hpp"
#include "daemon/cli/settings.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

struct Asked {
    ReplayInputs inputs;
    std::vector<std::string> logs;  // FORMAT=FILE
    std::vector<std::string> rules;
    std::size_t lanes = 0;
    std::string stats;
    bool formats = false;
};

Result<> split_logs(Asked& asked) {
    for (const std::string& log : asked.logs) {
        const auto equals = log.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == log.size())
            return fail(ErrorCode::usage, "--log {}: give FORMAT=FILE, such as nginx=access.log",
                        log);
        asked.inputs.logs.emplace_back(log.substr(0, equals), log.substr(equals + 1));
    }
    return {};
}

std::int64_t whole(double count) { return static_cast<std::int64_t>(count); }

json::object stage(const Metrics& metrics, const char* name) {
    return {{"in", whole(metrics.pipeline_items.with({name, "in"}).value())},
            {"out", whole(metrics.pipeline_items.with({name, "out"}).value())},
            {"dropped", whole(metrics.pipeline_dropped.with({name, "correlator_full"}).value() +
                              metrics.pipeline_dropped.with({name, "scan_failed"}).value())}};
}

json::object statistics(const Metrics& metrics, double wall_seconds, std::size_t alerts) {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return {{"packets", whole(metrics.capture_packets.sum())},
            {"bytes", whole(metrics.capture_bytes.sum() + metrics.log_bytes.sum())},
            {"packet_bytes", whole(metrics.capture_bytes.sum())},
            {"log_bytes", whole(metrics.log_bytes.sum())},
            {"lines", whole(metrics.log_lines.sum())},
            {"decode_errors", whole(metrics.decode_errors.sum())},
            {"events", whole(metrics.events.sum())},
            {"alerts", alerts},
            {"stages", json::object{{"lane", stage(metrics, "lane")},
                                    {"correlate", stage(metrics, "correlate")},
                                    {"desk", stage(metrics, "desk")}}},
            {"wall_seconds", wall_seconds},
            {"cpu_seconds", seconds(usage.ru_utime) + seconds(usage.ru_stime)},
            {"peak_memory_bytes", static_cast<std::int64_t>(usage.ru_maxrss) * 1024}};
}

Result<int> list_formats(const Output& out) {
    std::vector<std::vector<std::string>> rows;
    json::array all;
    for (const auto& format : log::formats()) {
        rows.push_back({std::string(format.name), std::string(format.summary)});
        all.push_back(json::object{{"format", format.name}, {"summary", format.summary}});
    }
    if (out.format == OutputFormat::human)
        out.table({"FORMAT", "WHAT"}, rows);
    else
        out.object(all);
    return 0;
}

Result<int> print_result(const ReplayResult& result, const Output& out) {
    if (out.format == OutputFormat::ndjson) {
        for (const auto& alert : result.alerts) fmt::print("{}\n", alert);
    } else {
        std::vector<json::value> alerts;
        for (const auto& alert : result.alerts) alerts.push_back(json::parse(alert));
        print_alerts(alerts, out);
    }
    for (const Error& error : result.failures) fmt::print(stderr, "kentongan: {}\n", error.message);
    return result.failures.empty() ? 0 : result.failures.front().exit_status();
}

Result<int> run(const Common& common, Asked& asked, const Output& out) {
    if (asked.formats) return list_formats(out);
    if (auto split = split_logs(asked); !split) return std::unexpected(split.error());
    if (asked.inputs.empty())
        return fail(
            ErrorCode::usage,
            "nothing to replay: give --pcap, --log, --events, --tree or --published (see --help)");
    auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    loaded->config.rules = rule_settings(loaded->config, asked.rules);
    const std::size_t lanes =
        asked.lanes > 0 ? asked.lanes : std::max(1u, std::thread::hardware_concurrency());
    const bool progress = ::isatty(STDERR_FILENO) == 1;

    Metrics metrics;
    const auto began = std::chrono::steady_clock::now();
    const auto result = replay(asked.inputs, loaded->config, lanes, progress, metrics);
    if (!result) return std::unexpected(result.error());
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
    if (!asked.stats.empty()) {
        const auto text =
            json::serialize(statistics(metrics, wall.count(), result->alerts.size())) + "\n";
        if (auto written = write_file(asked.stats, text); !written)
            return std::unexpected(written.error());
    }
    return print_result(*result, out);
}

}  // namespace

void add_replay(CLI::App& app, Common& common, Action& action) {
    static Asked asked;
    CLI::App* command = add_subcommand(app, common, "replay",
                                       "recorded input through the same pipeline, in event time",
                                       "kentongan replay --log nginx=access.log --log "
                                       "syslog=auth.log --pcap night.pcap -o ndjson");
    command->add_option("--pcap", asked.inputs.pcaps, "capture file (- is standard input)")
        ->allow_extra_args(false);
    command->add_option("--log", asked.logs, "FORMAT=FILE; --formats lists the formats")
        ->allow_extra_args(false);
    command
        ->add_option("--events", asked.inputs.events, "NDJSON events with ECS or Sigma field names")
        ->allow_extra_args(false);
    command->add_option("--tree", asked.inputs.trees, "folder whose files are scanned")
        ->allow_extra_args(false);
    command
        ->add_option("--published", asked.inputs.published,
                     "folder of saved snapshots of published results")
        ->allow_extra_args(false);
    command->add_option("--rules", asked.rules, "rule folder or file")->allow_extra_args(false);
    command->add_option("--lanes", asked.lanes, "lane threads (default: one per core)")
        ->check(CLI::Range(1, 64));
    command->add_option("--stats", asked.stats, "write statistics to this file, one JSON object");
    command->add_flag("--formats", asked.formats, "list the log formats");
    command->callback([&] { action = [&](const Output& out) { return run(common, asked, out); }; });
}

}  // namespace kentongan::cli
