// kentongan alerts export: alerts in another form, one a line, redacted as a route says.
#include <boost/json.hpp>

#include <fmt/ranges.h>

#include "daemon/alert/pseudonym.hpp"
#include "daemon/base/file.hpp"
#include "daemon/cli/alert_source.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/deliver/format/csv.hpp"
#include "daemon/deliver/format/format.hpp"
#include "daemon/store/query/parse.hpp"

namespace kentongan::cli {

namespace {

struct Asked {
    std::string database;
    std::string format = "ecs";
    std::string agency;
    std::string routing;
    std::string key_file;
    std::string since;
    std::string until;
    std::string severity;
    std::string rule;
    std::string vendor = "KPU";
    std::string link;
    std::size_t limit = 1'000'000;
    bool tlp1_compat = false;
};

/// The options as conditions of the query language.
Result<AlertFilter> filter_of(const Asked& asked) {
    AlertFilter out;
    out.limit = asked.limit;
    out.newest_first = false;
    std::vector<std::string> parts;
    const auto add = [&](std::string_view condition, const std::string& value) {
        if (!value.empty()) parts.push_back(fmt::format(fmt::runtime(condition), value));
    };
    add("severity >= {}", asked.severity);
    add("rule.id : \"{}\"", asked.rule);
    add("agency : \"{}\"", asked.agency);
    add("@timestamp >= \"{}\"", asked.since);
    add("@timestamp < \"{}\"", asked.until);
    out.query = fmt::format("{}", fmt::join(parts, " and "));
    if (auto parsed = query::parse(out.query, system_clock().now()); !parsed)
        return fail(ErrorCode::usage, "{}", query::pointed_out(out.query, parsed.error()));
    return out;
}

/// The routing file of the settings. An export's pseudonyms are under a key of its own unless one
/// is named, so two exports cannot be joined.
Result<std::shared_ptr<const Routing>> routing_of(const Config& config, const Asked& asked) {
    std::string path = asked.routing.empty() ? config.rules.routing : asked.routing;
    if (path.empty() && !config.rules.paths.empty())
        path = config.rules.paths.front() + "/routing/routing.toml";
    const auto text = read_file(path);
    if (!text) return std::unexpected(text.error());
    const auto routing = Routing::parse(*text, path);
    if (!routing) return std::unexpected(routing.error());
    auto key = asked.key_file.empty() ? Result<PseudonymKey>{PseudonymKey::generate()}
                                      : PseudonymKey::load(asked.key_file);
    if (!key) return std::unexpected(key.error());
    const auto shared = std::make_shared<const PseudonymKey>(std::move(*key));
    PseudonymKeys keys;
    for (const std::string& name : routing->missing_keys({})) keys[name] = shared;
    keys[asked.agency] = shared;
    return routing->with_keys(keys);
}

/// The agency's row for this alert; without an agency everything, for the owner's own tools.
std::optional<Route> route_for(const Alert& alert, const Routing* routing,
                               const std::string& agency) {
    if (routing == nullptr) {
        Route all;
        all.tlp = alert.tlp;
        all.full = true;
        return all;
    }
    for (Route& route : routing->route(alert))
        if (route.agency == agency) return std::move(route);
    return std::nullopt;
}

Result<int> export_alerts(const Common& common, const Asked& asked, const Output&) {
    const bool csv = asked.format == "csv";
    const auto format = parse_body_format(csv ? "ecs" : asked.format);
    if (!format || *format == BodyFormat::mail || *format == BodyFormat::custom ||
        *format == BodyFormat::syslog)
        return fail(ErrorCode::usage,
                    "--format {}: use ecs, ocsf, stix, cef, eve, csv or kentongan", asked.format);
    const auto filter = filter_of(asked);
    if (!filter) return std::unexpected(filter.error());
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    std::shared_ptr<const Routing> routing;
    if (!asked.agency.empty()) {
        auto read = routing_of(loaded->config, asked);
        if (!read) return std::unexpected(read.error());
        routing = std::move(*read);
    }
    const auto source = open_alerts(loaded->config, asked.database);
    if (!source) return std::unexpected(source.error());
    const auto alerts = (*source)->list(*filter);
    if (!alerts) return std::unexpected(alerts.error());
    FormatSettings form;
    form.vendor = asked.vendor;
    form.link = asked.link;
    form.tlp1_compat = asked.tlp1_compat;
    if (csv) fmt::print("{}\r\n", csv_head());
    for (const auto& json : alerts->alerts) {
        const auto alert = alert_from_json(json);
        if (!alert) return std::unexpected(alert.error());
        const auto route = route_for(*alert, routing.get(), asked.agency);
        if (!route) continue;
        form.hostname = alert->hostname;
        auto let_out = redacted(*alert, *route);
        if (csv) {
            fmt::print("{}\r\n", csv_row(let_out));
            continue;
        }
        fmt::print("{}\n", render(*format, {let_out, "alert.created", form}));
    }
    return 0;
}

}  // namespace

void add_alerts_export(CLI::App& alerts, Common& common, Action& action) {
    static Asked asked;
    CLI::App* command =
        add_subcommand(alerts, common, "export", "alerts in another form, one a line, oldest first",
                       "kentongan alerts export --format stix --agency brin > brin.ndjson");
    command->add_option("--format", asked.format, "ecs, ocsf, stix, cef, eve, csv or kentongan")
        ->capture_default_str();
    command->add_option("--agency", asked.agency,
                        "only what the routing file gives this agency, redacted for it; without it "
                        "nothing is left out");
    command->add_option("--routing", asked.routing, "another routing file");
    command->add_option("--key", asked.key_file,
                        "key of the pseudonyms; without it one that nobody keeps");
    command->add_option("--severity", asked.severity, "this severity or worse");
    command->add_option("--rule", asked.rule, "rule id");
    command->add_option("--since", asked.since, "first seen at or after");
    command->add_option("--until", asked.until, "first seen before");
    command->add_option("--vendor", asked.vendor, "who is named as the maker")
        ->capture_default_str();
    command->add_option("--link", asked.link, "address of an alert without its id");
    command->add_flag("--tlp1", asked.tlp1_compat, "STIX: markings of TLP 1.0");
    command->add_option("--limit", asked.limit, "at most so many")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    command->add_option("--db", asked.database, "read this database file instead of asking");
    command->callback(
        [&] { action = [&](const Output& out) { return export_alerts(common, asked, out); }; });
}

}  // namespace kentongan::cli
