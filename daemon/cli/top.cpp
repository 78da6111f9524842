// kentongan top: what kentongan status says, looked at again and again.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <thread>

#include "daemon/base/time.hpp"
#include "daemon/cli/alert_table.hpp"
#include "daemon/cli/api_client.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

struct Asked {
    double seconds = 2;
    std::uint64_t times = 0;
    std::size_t alerts = 10;
};

/// What one look shows; a part that this daemon does not have (no register, …) stays empty.
struct Look {
    json::value status;
    json::array sensors;
    json::array deliveries;
    std::vector<json::value> alerts;
};

json::array rows_of(const ApiClient& api, const std::string& target, std::string_view name) {
    const auto answer = api.get(target);
    if (!answer || !answer->is_object()) return {};
    const auto* rows = answer->as_object().if_contains(name);
    return rows != nullptr && rows->is_array() ? rows->as_array() : json::array{};
}

Result<Look> look(const ApiClient& api, const Asked& asked) {
    auto status = api.get("/api/v1/status");
    if (!status) return std::unexpected(status.error());
    Look out{.status = std::move(*status),
             .sensors = rows_of(api, "/api/v1/sensors", "sensors"),
             .deliveries = rows_of(api, "/api/v1/deliveries", "deliveries"),
             .alerts = {}};
    for (const auto& alert :
         rows_of(api, fmt::format("/api/v1/alerts?limit={}", asked.alerts), "alerts"))
        out.alerts.push_back(alert);
    return out;
}

std::string text_of(const json::value& from, std::string_view name) {
    const auto* value = from.is_object() ? from.as_object().if_contains(name) : nullptr;
    return value == nullptr ? "-" : plain(*value, 40);
}

/// The rows of a member that is an array.
json::array part(const json::value& status, std::string_view name) {
    const auto* rows = status.as_object().if_contains(name);
    return rows != nullptr && rows->is_array() ? rows->as_array() : json::array{};
}

/// "1.2 MB"
std::string bytes_of(const json::value& from, std::string_view name) {
    const auto* value = from.is_object() ? from.as_object().if_contains(name) : nullptr;
    if (value == nullptr || !value->is_number()) return "-";
    double bytes = value->to_number<double>();
    const char* unit = "B";
    for (const auto* larger : {"kB", "MB", "GB", "TB"}) {
        if (bytes < 1000) break;
        bytes /= 1000;
        unit = larger;
    }
    return fmt::format("{:.3g} {}", bytes, unit);
}

/// Queues, ledger and disk, a line each.
void print_inside(const json::value& status) {
    std::string line;
    double dropped = 0;
    for (const auto& stage : part(status, "queues")) {
        if (text_of(stage, "room") != "-")
            line += fmt::format("{} {} of {}   ", text_of(stage, "stage"),
                                text_of(stage, "waiting"), text_of(stage, "room"));
        if (const auto* count = stage.as_object().if_contains("dropped"))
            dropped += count->to_number<double>();
    }
    if (!line.empty()) fmt::print("queues    {}dropped {:.0f}\n", line, dropped);
    if (const auto* ledger = status.as_object().if_contains("ledger"))
        fmt::print("ledger    {} published   {} waiting   signed {}{}\n",
                   text_of(*ledger, "published"), text_of(*ledger, "waiting"),
                   text_of(*ledger, "last_checkpoint"),
                   text_of(*ledger, "failing") == "true" ? "   FAILING" : "");
    if (const auto* disk = status.as_object().if_contains("disk"))
        fmt::print("disk      database {}   free {}\n", bytes_of(*disk, "database_bytes"),
                   bytes_of(*disk, "free_bytes"));
}

void print_rows(const Output& out, const json::array& rows,
                const std::vector<std::pair<std::string, std::string>>& columns) {
    std::vector<std::string> heads;
    std::vector<std::vector<std::string>> table;
    for (const auto& [head, member] : columns) heads.push_back(head);
    for (const auto& row : rows) {
        table.emplace_back();
        for (const auto& [head, member] : columns) table.back().push_back(text_of(row, member));
    }
    if (rows.empty()) return;
    out.table(heads, table);
    fmt::print("\n");
}

std::string raised_of(const json::value& status, const Output& out) {
    std::string text;
    const auto* alerts = status.as_object().if_contains("alerts");
    const auto* raised = alerts != nullptr && alerts->is_object()
                             ? alerts->as_object().if_contains("raised")
                             : nullptr;
    if (raised == nullptr || !raised->is_object()) return text;
    for (const auto& [severity, count] : raised->as_object())
        text += fmt::format("{} {}  ", out.severity(severity), json::serialize(count));
    return text;
}

void print_coverage(const json::value& status) {
    const auto* areas = status.as_object().if_contains("coverage");
    if (areas == nullptr || !areas->is_array()) return;
    double received = 0;
    double expected = 0;
    for (const auto& area : areas->as_array()) {
        received += area.at("received").to_number<double>();
        expected += area.at("expected").to_number<double>();
    }
    if (expected > 0)
        fmt::print("uploads   {:.0f} of {:.0f} TPS ({:.2f} %)\n", received, expected,
                   100 * received / expected);
}

void show(const Look& seen, const Output& out) {
    const json::value& status = seen.status;
    const bool ready = text_of(status, "ready") == "true";
    fmt::print("{}  {}  {}{}\n", out.bold(text_of(status, "name")), text_of(status, "now"),
               ready ? "ready" : out.bold("NOT READY"),
               text_of(status, "exercise") == "true" ? "  EXERCISE" : "");
    if (const auto* reasons = status.as_object().if_contains("reasons");
        reasons != nullptr && reasons->is_array())
        for (const auto& reason : reasons->as_array())
            if (reason.is_string()) fmt::print("  {}\n", cell(reason.as_string(), 110));
    fmt::print("raised    {}\nopen      {}\n", raised_of(status, out),
               text_of(status, "open_alerts"));
    print_coverage(status);
    print_inside(status);
    fmt::print("\n");
    print_rows(out, part(status, "latency"),
               {{"SECONDS", "of"}, {"P50", "p50"}, {"P95", "p95"}, {"P99", "p99"}});
    print_rows(out, seen.sensors,
               {{"SOURCE", "source"},
                {"ALIVE", "alive"},
                {"EVENTS", "events"},
                {"PER SECOND", "per_second"},
                {"DROPPED", "dropped"},
                {"LAG (s)", "lag_seconds"},
                {"NEWEST", "last_event"}});
    print_rows(out, part(status, "captures"),
               {{"CAPTURE", "interface"},
                {"PACKETS", "packets"},
                {"KERNEL DROPS", "kernel_drops"},
                {"NIC DROPS", "nic_drops"},
                {"FLOWS", "flows"}});
    print_rows(out, part(status, "logs"),
               {{"LOG", "source"},
                {"PARSED", "parsed"},
                {"UNPARSED", "unparsed"},
                {"OVERSIZE", "oversize"},
                {"LAG (s)", "lag_seconds"},
                {"BEHIND (B)", "behind_bytes"}});
    print_rows(out, seen.deliveries,
               {{"DESTINATION", "destination"},
                {"DELIVERED", "delivered"},
                {"WAITING", "pending"},
                {"GIVEN UP", "dead"},
                {"OLDEST WAITING", "oldest_pending"},
                {"LAST ERROR", "last_error"}});
    print_alerts(seen.alerts, out);
    std::fflush(stdout);
}

Result<int> top(const Common& common, const Asked& asked, const Output& out) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const auto api = ApiClient::from(loaded->config);
    if (!api) return std::unexpected(api.error());
    const bool screen = out.format == OutputFormat::human && ::isatty(STDOUT_FILENO) == 1;
    for (std::uint64_t time = 1;; ++time) {
        const auto seen = look(*api, asked);
        // The first look must work; later the daemon may be away for a while.
        if (!seen && time == 1) return std::unexpected(seen.error());
        if (screen) fmt::print("\x1b[H\x1b[2J");
        if (!seen)
            fmt::print("{}\n", cell(seen.error().message, 110));
        else if (out.format == OutputFormat::human)
            show(*seen, out);
        else
            out.object(json::object{{"status", seen->status},
                                    {"sensors", seen->sensors},
                                    {"deliveries", seen->deliveries}});
        std::fflush(stdout);
        if (asked.times != 0 && time >= asked.times) return 0;
        std::this_thread::sleep_for(std::chrono::duration<double>(asked.seconds));
    }
}

}  // namespace

void add_top(CLI::App& app, Common& common, Action& action) {
    const auto asked = std::make_shared<Asked>();
    CLI::App* command = add_subcommand(
        app, common, "top", "the same as status, over and over: sources, deliveries, newest alerts",
        "kentongan top\n  kentongan top --every 10 -o ndjson");
    command->add_option("--every", asked->seconds, "seconds between two looks")
        ->check(CLI::Range(0.2, 3600.0))
        ->capture_default_str();
    command->add_option("--times", asked->times, "looks; 0: until interrupted")
        ->capture_default_str();
    command->add_option("--alerts", asked->alerts, "how many of the newest")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command->callback([&action, &common, asked] {
        action = [&common, asked](const Output& out) { return top(common, *asked, out); };
    });
}

}  // namespace kentongan::cli
