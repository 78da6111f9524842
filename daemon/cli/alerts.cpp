// kentongan alerts list | show: what was raised, from the running daemon or its database file.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/cli/alert_counts.hpp"
#include "daemon/cli/alert_question.hpp"
#include "daemon/cli/alert_source.hpp"
#include "daemon/cli/alert_table.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/store/query/parse.hpp"

namespace kentongan::cli {

namespace {

struct Asked {
    Narrowing narrowing;
    std::string count_by;
    std::optional<std::string> histogram;
    std::string save_as;
    std::string delete_saved;
    std::string saved;
    bool list_saved = false;
    std::string database;
    std::string id;
    std::string pcap;
    std::size_t limit = 50;
    bool oldest = false;
};

/// Of the options and, where one is asked for, the saved question.
Result<std::string> query_of(const Asked& asked, const std::string& saved) {
    if (saved.empty()) return question_of(asked.narrowing);
    Narrowing both = asked.narrowing;
    const auto own = question_of(Narrowing{both.query, {}, {}, {}, {}, {}, {}});
    if (!own) return own;
    both.query = own->empty() ? saved : fmt::format("({}) and {}", saved, *own);
    return question_of(both);
}

Result<std::string> saved_query(AlertSource& source, const std::string& name) {
    if (name.empty()) return std::string{};
    const auto all = source.saved();
    if (!all) return std::unexpected(all.error());
    std::vector<std::string_view> names;
    for (const SavedSearch& one : *all) {
        if (one.name == name) return one.query;
        names.push_back(one.name);
    }
    const auto near = nearest_word(name, names);
    return fail(
        ErrorCode::no_input, "no search is saved as \"{}\"{}", name,
        near.empty() ? "; --saved-searches lists them" : fmt::format("; did you mean {}?", near));
}

Result<std::unique_ptr<AlertSource>> source_of(const Common& common, const Asked& asked,
                                               bool writing = false) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    return open_alerts(loaded->config, asked.database, writing);
}

Result<int> change_saved(AlertSource& source, const Asked& asked, const std::string& query) {
    if (!asked.delete_saved.empty()) {
        if (auto gone = source.forget(asked.delete_saved); !gone)
            return std::unexpected(gone.error());
        fmt::print("deleted \"{}\"\n", asked.delete_saved);
        return 0;
    }
    const char* user = std::getenv("USER");
    const SavedSearch search{asked.save_as, user == nullptr ? "" : user, query,
                             system_clock().now()};
    if (auto saved = source.save(search); !saved) return std::unexpected(saved.error());
    fmt::print("saved \"{}\": {}\n", search.name, search.query);
    return 0;
}

Result<int> answer(AlertSource& source, const Asked& asked, const std::string& query,
                   const Output& out) {
    if (!asked.count_by.empty()) {
        const query::Field* field = query::find_field(asked.count_by);
        if (field == nullptr || field->kind == query::Kind::text || field->name == query::Name::id)
            return fail(ErrorCode::usage, "--count-by {}: {}", asked.count_by,
                        field == nullptr ? query::near_fields(asked.count_by)
                                         : "alerts are not counted by it; try rule.name");
        const auto counted =
            source.count(query, field->name, std::min<std::size_t>(asked.limit, 1000));
        if (!counted) return std::unexpected(counted.error());
        print_counts(*counted, field->text, out);
        return 0;
    }
    if (asked.histogram) {
        if (!asked.histogram->empty() && !query::parse_interval(*asked.histogram))
            return fail(ErrorCode::usage, "--histogram {}: give an interval such as 5m, 1h or 1d",
                        *asked.histogram);
        const auto bars = source.histogram(query, *asked.histogram);
        if (!bars) return std::unexpected(bars.error());
        print_histogram(*bars, out);
        return 0;
    }
    const auto alerts = source.list({query, asked.limit, !asked.oldest});
    if (!alerts) return std::unexpected(alerts.error());
    print_alerts(alerts->alerts, out);
    print_partial(alerts->partial);
    return 0;
}

Result<int> list(const Common& common, const Asked& asked, const Output& out) {
    const bool changing = !asked.save_as.empty() || !asked.delete_saved.empty();
    if (asked.saved.empty())
        if (const auto checked = query_of(asked, ""); !checked)
            return std::unexpected(checked.error());
    const auto source = source_of(common, asked, changing);
    if (!source) return std::unexpected(source.error());
    if (asked.list_saved) {
        const auto all = (*source)->saved();
        if (!all) return std::unexpected(all.error());
        print_saved(*all, out);
        return 0;
    }
    const auto saved = saved_query(**source, asked.saved);
    if (!saved) return std::unexpected(saved.error());
    const auto query = query_of(asked, *saved);
    if (!query) return std::unexpected(query.error());
    if (changing) return change_saved(**source, asked, *query);
    return answer(**source, asked, *query, out);
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
    CLI::App* command = app.add_subcommand("alerts", "list alerts, show one, and triage");
    command->require_subcommand(1);
    CLI::App* listing = add_subcommand(*command, common, "list", "alerts, newest first",
                                       "kentongan alerts list 'severity >= high and source.ip : "
                                       "10.0.0.0/8 and @timestamp >= now-2h'");
    listing->add_option("query", asked.narrowing.query, "a question in the query language");
    listing->add_option("--count-by", asked.count_by, "count the values of this field instead");
    listing
        ->add_option_function<std::string>(
            "--histogram", [](const std::string& interval) { asked.histogram = interval; },
            "count over time instead, by 5m, 1h, 1d ... (auto: chosen)")
        ->transform([](const std::string& text) { return text == "auto" ? std::string{} : text; });
    listing->add_option("--save", asked.save_as, "save the question under this name");
    listing->add_option("--saved", asked.saved, "ask a saved question; QUERY narrows it");
    listing->add_flag("--saved-searches", asked.list_saved, "list the saved questions");
    listing->add_option("--delete-saved", asked.delete_saved, "delete a saved question");
    listing->add_option("--severity", asked.narrowing.severity, "this severity or worse");
    listing->add_option("--ruleset", asked.narrowing.ruleset,
                        "sigma, yara, anomaly, sirekap, integrity, zeek");
    listing->add_option("--rule", asked.narrowing.rule, "rule id");
    listing->add_option("--agency", asked.narrowing.agency, "told to this agency");
    listing->add_option("--since", asked.narrowing.since,
                        "first seen at or after: a time, or an age like 2h");
    listing->add_option("--until", asked.narrowing.until, "first seen before");
    listing->add_option("--limit", asked.limit, "at most so many")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    listing->add_flag("--oldest", asked.oldest, "oldest first");
    listing->add_option("--db", asked.database, "read this database file instead of asking");
    listing->callback(
        [&] { action = [&](const Output& out) { return list(common, asked, out); }; });

    add_triage(*command, common, action);
    add_alerts_export(*command, common, action);

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
