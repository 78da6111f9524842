#include "tests/bench/nab/corpus.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::nab {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t kLargest = std::size_t{64} << 20;

struct Table {
    std::vector<std::string> times;
    std::vector<double> numbers;
};

/// Two columns of a comma-separated file whose first line names them: "timestamp" and `column`.
Result<Table> read_table(const fs::path& path, std::string_view column) {
    const auto text = read_file(path, kLargest);
    if (!text) return std::unexpected(text.error());
    std::string_view rest = *text;
    std::size_t wanted = 0;
    std::string_view header = take_until(rest, '\n');
    for (std::size_t i = 0; !header.empty(); ++i)
        if (trim(take_until(header, ',')) == column) wanted = i;
    if (wanted == 0) return fail(ErrorCode::data, "{}: no column {}", path.native(), column);
    Table out;
    while (!rest.empty()) {
        std::string_view line = trim(take_until(rest, '\n'));
        if (line.empty()) continue;
        out.times.emplace_back(take_until(line, ','));
        for (std::size_t i = 1; i < wanted; ++i) (void)take_until(line, ',');
        const auto number = parse_number<double>(take_until(line, ','));
        if (!number) return fail(ErrorCode::data, "{}: {} is no number", path.native(), column);
        out.numbers.push_back(*number);
    }
    return out;
}

Result<json::object> read_json(const fs::path& path) {
    const auto text = read_file(path, kLargest);
    if (!text) return std::unexpected(text.error());
    boost::system::error_code failed;
    auto value = json::parse(*text, failed);
    if (failed || !value.is_object()) return fail(ErrorCode::data, "{}: no JSON", path.native());
    return std::move(value.as_object());
}

std::string_view text_of(const json::value& value) {
    return {value.as_string().data(), value.as_string().size()};
}

/// The labels have a fraction of a second that the data do not have.
std::size_t row_of(const std::vector<std::string>& times, std::string_view time) {
    const auto found = std::ranges::find(times, time.substr(0, time.find('.')));
    return static_cast<std::size_t>(found - times.begin());
}

}  // namespace

Result<std::vector<Series>> read_corpus(const fs::path& checkout) {
    const auto labels = read_json(checkout / "labels" / "combined_windows.json");
    if (!labels) return std::unexpected(labels.error());
    std::vector<Series> out;
    for (const auto& [name, windows] : *labels) {
        auto table = read_table(checkout / "data" / std::string(name), "value");
        if (!table) return std::unexpected(table.error());
        Series series{std::string(name), std::move(table->numbers), {}};
        for (const auto& window : windows.as_array()) {
            const auto& edges = window.as_array();
            const Window rows{row_of(table->times, text_of(edges.at(0))),
                              row_of(table->times, text_of(edges.at(1)))};
            if (rows.last >= series.values.size() || rows.first > rows.last)
                return fail(ErrorCode::data, "{}: a window is not in the data", series.name);
            series.windows.push_back(rows);
        }
        out.push_back(std::move(series));
    }
    std::ranges::sort(out, {}, &Series::name);
    return out;
}

Result<std::vector<Judged>> read_results(const fs::path& checkout, const std::string& detector,
                                         const std::vector<Series>& corpus) {
    std::vector<Judged> out;
    for (const Series& series : corpus) {
        const fs::path name = series.name;
        const auto path = checkout / "results" / detector / name.parent_path() /
                          (detector + "_" + name.filename().native());
        auto table = read_table(path, "anomaly_score");
        if (!table) return std::unexpected(table.error());
        out.push_back({std::move(table->numbers), series.windows});
    }
    return out;
}

Result<std::vector<double>> published(const fs::path& checkout, const std::string& detector) {
    const auto all = read_json(checkout / "results" / "final_results.json");
    if (!all) return std::unexpected(all.error());
    const auto* entry = all->if_contains(detector);
    if (entry == nullptr) return fail(ErrorCode::no_input, "no published score of {}", detector);
    std::vector<double> out;
    for (const auto* profile : {"standard", "reward_low_FP_rate", "reward_low_FN_rate"})
        out.push_back(entry->as_object().at(profile).to_number<double>());
    return out;
}

}  // namespace kentongan::nab
