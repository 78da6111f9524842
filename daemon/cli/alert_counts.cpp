#include "daemon/cli/alert_counts.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/store/query/tally.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

std::size_t terminal_columns() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
    return 80;
}

/// Eighths of a column, so that small differences show; something for anything above 0.
std::string bar(std::uint64_t count, std::uint64_t most, std::size_t columns) {
    static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (count == 0 || most == 0) return "";
    const double share = static_cast<double>(count) / static_cast<double>(most);
    const auto eighths = std::max<std::size_t>(
        static_cast<std::size_t>(share * static_cast<double>(columns) * 8), 1);
    std::string out;
    for (std::size_t i = 0; i < eighths / 8; ++i) out += "█";
    return out + kEighths[eighths % 8];
}

std::string coloured(const std::string& text, const Output& out) {
    return out.colour && !text.empty() ? fmt::format("\x1b[36m{}\x1b[0m", text) : text;
}

struct Line {
    std::string name;
    std::uint64_t count = 0;
};

void print_bars(const std::string& head, const std::vector<Line>& lines, bool severities,
                const Output& out) {
    std::uint64_t most = 0;
    std::size_t names = width_of(head);
    for (const Line& line : lines) {
        most = std::max(most, line.count);
        names = std::max(names, width_of(line.name));
    }
    const std::size_t numbers = std::max<std::size_t>(fmt::format("{}", most).size(), 6);
    const std::size_t columns = terminal_columns();
    const std::size_t left = names + numbers + 4;
    const std::size_t room = columns > left + 8 ? columns - left - 1 : 8;
    fmt::print("{}\n",
               out.bold(fmt::format("{}{}  {:>{}}", head, std::string(names - width_of(head), ' '),
                                    "ALERTS", numbers)));
    for (const Line& line : lines)
        fmt::print("{}{}  {:>{}}  {}\n", severities ? out.severity(line.name) : line.name,
                   std::string(names - width_of(line.name), ' '), line.count, numbers,
                   coloured(bar(line.count, most, room), out));
}

void add_partial(const SearchAnswer& answer, json::object& out) {
    out["partial"] = !answer.partial.empty();
    if (!answer.partial.empty()) out["reason"] = answer.partial;
}

json::object counts_json(const SearchAnswer& answer, std::string_view field) {
    json::array groups;
    for (const auto& [value, count] : answer.groups.top)
        groups.push_back(json::object{{"value", value}, {"count", count}});
    json::object out{{"total", answer.total},
                     {"by", field},
                     {"groups", std::move(groups)},
                     {"others", answer.groups.others},
                     {"without", answer.groups.without}};
    add_partial(answer, out);
    return out;
}

}  // namespace

void print_partial(const std::string& reason) {
    if (!reason.empty()) fmt::print(stderr, "kentongan: not all of it: {}\n", reason);
}

void print_counts(const SearchAnswer& answer, std::string_view field, const Output& out) {
    if (out.format != OutputFormat::human) return out.object(counts_json(answer, field));
    if (answer.total == 0) {
        fmt::print("no alerts\n");
        return print_partial(answer.partial);
    }
    std::vector<Line> lines;
    for (const auto& [value, count] : answer.groups.top) lines.push_back({cell(value, 48), count});
    if (answer.groups.others > 0) lines.push_back({"(others)", answer.groups.others});
    if (answer.groups.without > 0) lines.push_back({"(none)", answer.groups.without});
    std::string head{field};
    std::ranges::transform(head, head.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    print_bars(head, lines, field == "severity", out);
    fmt::print("{} alerts\n", answer.total);
    print_partial(answer.partial);
}

void print_histogram(const SearchAnswer& answer, const Output& out) {
    if (out.format != OutputFormat::human) {
        json::array bars;
        for (const auto& [begin, count] : answer.histogram.bars)
            bars.push_back(json::object{{"begin", to_rfc3339(begin, 0)}, {"count", count}});
        json::object all{{"total", answer.total},
                         {"interval", query::interval_text(answer.histogram.interval)},
                         {"bars", std::move(bars)}};
        add_partial(answer, all);
        return out.object(all);
    }
    if (answer.total == 0) {
        fmt::print("no alerts\n");
        return print_partial(answer.partial);
    }
    std::vector<Line> lines;
    for (const auto& [begin, count] : answer.histogram.bars)
        lines.push_back({to_rfc3339(begin, 0), count});
    print_bars("FROM", lines, false, out);
    fmt::print("{} alerts, {} a bar\n", answer.total,
               query::interval_text(answer.histogram.interval));
    print_partial(answer.partial);
}

void print_saved(const std::vector<SavedSearch>& searches, const Output& out) {
    if (out.format != OutputFormat::human) {
        json::array list;
        for (const SavedSearch& one : searches)
            list.push_back(json::object{{"name", one.name},
                                        {"owner", one.owner},
                                        {"query", one.query},
                                        {"updated", to_rfc3339(one.updated)}});
        return out.object(list);
    }
    if (searches.empty()) {
        fmt::print("no saved searches; --save NAME saves one\n");
        return;
    }
    std::vector<std::vector<std::string>> rows;
    for (const SavedSearch& one : searches)
        rows.push_back({cell(one.name, 32), cell(one.owner, 16), to_rfc3339(one.updated, 0),
                        cell(one.query, 100)});
    out.table({"NAME", "OWNER", "UPDATED", "QUERY"}, rows);
}

}  // namespace kentongan::cli
