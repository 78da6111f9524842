#include "daemon/cli/asking.hpp"

namespace kentongan::cli {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return "-";
    if (!value->is_string()) return json::serialize(*value);
    return value->as_string().empty() ? "-" : std::string(value->as_string());
}

void print_list(const json::value& answer, std::string_view name,
                const std::vector<std::pair<std::string, std::string>>& columns,
                const std::string& when_empty, const Output& out) {
    if (out.format == OutputFormat::json) {
        out.object(answer);
        return;
    }
    std::vector<std::string> heads;
    for (const auto& [head, member] : columns) heads.push_back(head);
    std::vector<std::vector<std::string>> rows;
    for (const auto& item : answer.at(name).as_array()) {
        if (out.format == OutputFormat::ndjson) {
            out.object(item);
            continue;
        }
        std::vector<std::string> row;
        for (const auto& [head, member] : columns) {
            const std::string text = cell(text_of(item.as_object(), member), 60);
            row.push_back(member == "severity" ? out.severity(text) : text);
        }
        rows.push_back(std::move(row));
    }
    if (out.format != OutputFormat::human) return;
    if (rows.empty())
        fmt::print("{}\n", when_empty);
    else
        out.table(heads, rows);
}

}  // namespace kentongan::cli
