// kentongan explain: what one log line becomes, which rules match it, and what kept others from it.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "collectors/log/format.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/detect/loaded_rules.hpp"
#include "daemon/detect/sigma/explain.hpp"
#include "daemon/pipeline/assembly.hpp"

namespace kentongan::cli {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

struct Asked {
    std::string format;
    std::string line;
    std::string zone = "+07:00";
    std::vector<std::string> rules;
};

struct Parsed {
    Event event;
    std::string format;
    log::ParseResult result{};
};

Result<Parsed> parse(const Asked& asked) {
    auto format = log::make_format(asked.format);
    if (!format) return std::unexpected(format.error());
    const auto zone = log::parse_zone(asked.zone);
    if (!zone) return std::unexpected(zone.error());
    log::ParseContext context;
    context.zone = *zone;
    context.reference = std::chrono::system_clock::now();
    Parsed out;
    out.result = log::read_line(**format, asked.line, context, out.event);
    out.format = (*format)->name();
    return out;
}

std::string_view word_for(log::ParseResult result) {
    switch (result) {
        case log::ParseResult::parsed:
            return "parsed";
        case log::ParseResult::unparsed:
            return "not this format's layout: kept as a raw line";
        case log::ParseResult::blank:
            return "blank: no event";
    }
    return "";
}

json::object to_json(const Parsed& parsed, const std::vector<sigma::Explanation>& rules) {
    json::array list;
    for (const auto& rule : rules) {
        if (!rule.matched && !rule.near_miss) continue;
        list.push_back(
            json::object{{"id", rule.rule->id},
                         {"name", rule.rule->name},
                         {"matched", rule.matched},
                         {"near_miss", rule.near_miss},
                         {"logsource_conflict", rule.logsource_conflict},
                         {"alerts", rule.alerts},
                         {"feeds", json::array(rule.feeds.begin(), rule.feeds.end())},
                         {"kept_by_filters", json::array(rule.kept_by.begin(), rule.kept_by.end())},
                         {"why", json::array(rule.lines.begin(), rule.lines.end())}});
    }
    return {{"format", parsed.format},
            {"parsed", parsed.result == log::ParseResult::parsed},
            {"event", json::parse(to_json(parsed.event))},
            {"rules", std::move(list)}};
}

void print_rules(const Output& out, std::string_view head,
                 const std::vector<sigma::Explanation>& rules, bool matched) {
    bool first = true;
    for (const auto& rule : rules) {
        if (rule.matched != matched || (!matched && !rule.near_miss)) continue;
        if (first) fmt::print("\n{}\n", out.bold(head));
        first = false;
        fmt::print("  {} ({}, {}){}\n", rule.rule->name, rule.rule->id,
                   out.severity(name_of(rule.rule->severity)),
                   rule.logsource_conflict ? ", but it is for other logs" : "");
        for (const auto& filter : rule.kept_by)
            fmt::print("      {} keeps it from matching\n", cell(filter, 100));
        for (const auto& feed : rule.feeds)
            fmt::print("      counted by the correlation {}\n", cell(feed, 120));
        if (rule.matched && !rule.alerts) fmt::print("      by itself it raises no alert\n");
        for (const auto& line : rule.lines) fmt::print("      {}\n", cell(line, 140));
    }
}

void print(const Output& out, const Parsed& parsed, const std::vector<sigma::Explanation>& rules) {
    fmt::print("{} {}: {}\n", out.bold("format"), parsed.format, word_for(parsed.result));
    const LogSource& source = parsed.event.logsource;
    const auto or_any = [](std::string_view name) { return name.empty() ? "any" : name; };
    fmt::print("{}  {}, {}; logsource category={} product={} service={}\n", out.bold("event"),
               name_of(parsed.event.kind), to_rfc3339(parsed.event.time), or_any(source.category),
               or_any(source.product), or_any(source.service));
    for (std::size_t i = 0; i < parsed.event.size(); ++i)
        fmt::print("  {:<32} {}\n", cell(name_of(parsed.event.field_at(i)), 40),
                   cell(parsed.event.value_at(i).to_string(), 100));
    print_rules(out, "rules that match", rules, true);
    print_rules(out, "near misses", rules, false);
    std::size_t matched = 0;
    for (const auto& rule : rules) matched += rule.matched ? 1 : 0;
    fmt::print("\n{} of {} Sigma rules match\n", matched, rules.size());
}

Result<int> explain_line(const Common& common, const Asked& asked, const Output& out) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const auto parsed = parse(asked);
    if (!parsed) return std::unexpected(parsed.error());
    const auto settings = rule_settings(loaded->config, asked.rules);
    std::vector<RuleStatus> statuses;
    const auto options = kentongan::sigma_options(settings, system_clock().now());
    if (!options) return std::unexpected(options.error());
    const auto rules =
        LoadedRules::load({settings.paths.begin(), settings.paths.end()}, statuses, {}, *options);
    if (!rules) return std::unexpected(rules.error());
    const auto explained = sigma::explain((*rules)->sigma(), parsed->event);
    if (out.format == OutputFormat::human)
        print(out, *parsed, explained);
    else
        out.object(to_json(*parsed, explained));
    return 0;
}

}  // namespace

void add_explain(CLI::App& app, Common& common, Action& action) {
    static Asked asked;
    CLI::App* command = add_subcommand(
        app, common, "explain", "how one log line is read, and what the rules say to it",
        "kentongan explain --log nginx \"$(tail -n 1 /var/log/nginx/access.log)\"");
    command->add_option("--log", asked.format, "its format (kentongan replay --formats)")
        ->required();
    command->add_option("--zone", asked.zone, "offset of times that state none")
        ->capture_default_str();
    command->add_option("--rules", asked.rules, "rule files or folders");
    command->add_option("line", asked.line, "the line")->required();
    command->callback(
        [&] { action = [&](const Output& out) { return explain_line(common, asked, out); }; });
}

}  // namespace kentongan::cli
