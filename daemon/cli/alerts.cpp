// kentongan alerts list | show: what was raised, from the running daemon or its database file.
#include <cstdio>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/cli/alert_source.hpp"
#include "daemon/cli/alert_table.hpp"
#include "daemon/cli/command.hpp"

namespace kentongan::cli {

namespace {

struct Asked {
    std::string database;
    std::string severity;
    std::string ruleset;
    std::string rule;
    std::string agency;
    std::string since;
    std::string until;
    std::string id;
    std::string pcap;
    std::size_t limit = 50;
    bool oldest = false;
};

/// RFC 3339, or an age such as 90s, 15m, 2h, 7d before now.
Result<std::optional<Timestamp>> time_of(std::string_view option, const std::string& text) {
    if (text.empty()) return std::optional<Timestamp>{};
    if (const auto time = parse_rfc3339(text)) return time;
    constexpr std::string_view kUnits = "smhd";
    constexpr std::int64_t kSeconds[] = {1, 60, 3600, 86400};
    const auto unit = kUnits.find(text.back());
    const auto number =
        parse_number<std::int64_t>(std::string_view(text).substr(0, text.size() - 1));
    if (unit == std::string_view::npos || !number || *number < 0 || *number > 1'000'000)
        return fail(ErrorCode::usage,
                    "{} {}: give a time such as 2024-11-27T06:00:00Z or an age such as 2h", option,
                    text);
    return std::optional{Timestamp{std::chrono::system_clock::now()} -
                         std::chrono::seconds{*number * kSeconds[unit]}};
}

Result<AlertFilter> filter_of(const Asked& asked) {
    AlertFilter filter;
    filter.limit = asked.limit;
    filter.query.ruleset = asked.ruleset;
    filter.query.rule_id = asked.rule;
    filter.query.agency = asked.agency;
    filter.query.newest_first = !asked.oldest;
    if (!asked.severity.empty()) {
        filter.query.at_least = parse_severity(asked.severity);
        if (!filter.query.at_least)
            return fail(ErrorCode::usage, "--severity {}: use info, low, medium, high or critical",
                        asked.severity);
    }
    const auto since = time_of("--since", asked.since);
    if (!since) return std::unexpected(since.error());
    const auto until = time_of("--until", asked.until);
    if (!until) return std::unexpected(until.error());
    filter.query.since = *since;
    filter.query.until = *until;
    return filter;
}

Result<std::unique_ptr<AlertSource>> source_of(const Common& common, const Asked& asked) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    return open_alerts(loaded->config, asked.database);
}

Result<int> list(const Common& common, const Asked& asked, const Output& out) {
    const auto filter = filter_of(asked);
    if (!filter) return std::unexpected(filter.error());
    const auto source = source_of(common, asked);
    if (!source) return std::unexpected(source.error());
    const auto alerts = (*source)->list(*filter);
    if (!alerts) return std::unexpected(alerts.error());
    print_alerts(*alerts, out);
    return 0;
}

Result<int> write_packets(AlertSource& source, const Asked& asked) {
    const auto packets = source.packets(asked.id);
    if (!packets) return std::unexpected(packets.error());
    if (asked.pcap == "-") {
        std::fwrite(packets->data(), 1, packets->size(), stdout);
        return 0;
    }
    if (auto written = write_file(asked.pcap, *packets); !written)
        return std::unexpected(written.error());
    fmt::print("{} bytes of packets written to {}\n", packets->size(), asked.pcap);
    return 0;
}

Result<int> show_alert(const Common& common, const Asked& asked, const Output& out) {
    const auto source = source_of(common, asked);
    if (!source) return std::unexpected(source.error());
    if (!asked.pcap.empty()) return write_packets(**source, asked);
    const auto alert = (*source)->show(asked.id);
    if (!alert) return std::unexpected(alert.error());
    out.object(*alert);
    return 0;
}

}  // namespace

void add_alerts(CLI::App& app, Common& common, Action& action) {
    static Asked asked;
    CLI::App* command = app.add_subcommand("alerts", "list alerts, or show one");
    command->require_subcommand(1);
    CLI::App* listing = add_subcommand(*command, common, "list", "alerts, newest first",
                                       "kentongan alerts list --severity high --since 2h");
    listing->add_option("--severity", asked.severity, "this severity or worse");
    listing->add_option("--ruleset", asked.ruleset,
                        "sigma, yara, anomaly, sirekap, integrity, zeek");
    listing->add_option("--rule", asked.rule, "rule id");
    listing->add_option("--agency", asked.agency, "told to this agency");
    listing->add_option("--since", asked.since,
                        "first seen at or after: a time, or an age like 2h");
    listing->add_option("--until", asked.until, "first seen before");
    listing->add_option("--limit", asked.limit, "at most so many")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    listing->add_flag("--oldest", asked.oldest, "oldest first");
    listing->add_option("--db", asked.database, "read this database file instead of asking");
    listing->callback(
        [&] { action = [&](const Output& out) { return list(common, asked, out); }; });

    CLI::App* showing = add_subcommand(*command, common, "show", "one alert with its evidence",
                                       "kentongan alerts show 01JDPY1VY0ABCDEFGHJKMNPQRS");
    showing->add_option("id", asked.id, "the alert's id")->required();
    showing->add_option("--pcap", asked.pcap,
                        "write the packets kept of its traffic into this pcapng file (-: standard "
                        "output) instead");
    showing->add_option("--db", asked.database, "read this database file instead of asking");
    showing->callback(
        [&] { action = [&](const Output& out) { return show_alert(common, asked, out); }; });
}

}  // namespace kentongan::cli
