#include "daemon/cli/alert_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace kentongan::cli {

namespace json = boost::json;

namespace {

std::string text_at(const json::value& alert, std::string_view pointer) {
    boost::system::error_code missing;
    const auto* value = alert.find_pointer(pointer, missing);
    if (value == nullptr || value->is_null()) return "";
    return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

std::string agencies_of(const json::value& alert) {
    std::string out;
    boost::system::error_code missing;
    const auto* list = alert.find_pointer("/kentongan/agencies", missing);
    if (list == nullptr || !list->is_array()) return out;
    for (const auto& agency : list->as_array())
        if (agency.is_string()) out += (out.empty() ? "" : ",") + std::string(agency.as_string());
    return out;
}

std::vector<std::string> row_of(const json::value& alert, const Output& out) {
    return {id_of(alert),
            text_at(alert, "/@timestamp"),
            out.severity(text_at(alert, "/labels/severity")),
            text_at(alert, "/rule/ruleset"),
            text_at(alert, "/kentongan/count"),
            cell(text_at(alert, "/kentongan/entity"), 32),
            agencies_of(alert),
            cell(text_at(alert, "/message"), 72)};
}

}  // namespace

std::string id_of(const json::value& alert) { return text_at(alert, "/event/id"); }

void print_alert_line(const json::value& alert, const Output& out) {
    if (out.format != OutputFormat::human) {
        out.object(alert);
        return;
    }
    const std::string severity = text_at(alert, "/labels/severity");
    const std::string lead = fmt::format(
        "{}  {}  {}{:{}}  {:<9}  ", id_of(alert), text_at(alert, "/@timestamp").substr(0, 19),
        out.severity(severity), "", 8 - std::min<std::size_t>(8, severity.size()),
        cell(text_at(alert, "/rule/ruleset"), 9));
    const std::size_t before = 26 + 2 + 19 + 2 + 8 + 2 + 9 + 2;
    const std::string about = text_at(alert, "/kentongan/entity");
    const std::string text =
        text_at(alert, "/message") + (about.empty() ? "" : fmt::format(" [{}]", about));
    const std::size_t room = out.columns > before + 20 ? out.columns - before : 200;
    fmt::print("{}{}\n", lead, cell(text, room));
}

void print_alerts(const std::vector<json::value>& alerts, const Output& out) {
    if (out.format == OutputFormat::json) {
        out.object(json::array(alerts.begin(), alerts.end()));
        return;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& alert : alerts)
        if (out.format == OutputFormat::ndjson)
            out.object(alert);
        else
            rows.push_back(row_of(alert, out));
    if (out.format != OutputFormat::human) return;
    if (rows.empty()) {
        fmt::print("no alerts\n");
        return;
    }
    out.table({"ID", "FIRST SEEN", "SEVERITY", "KIND", "COUNT", "ABOUT", "TOLD", "MESSAGE"}, rows);
}

}  // namespace kentongan::cli
