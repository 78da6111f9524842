// kentongan sensors: every source, whether it is alive, and what it cannot see.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/cli/asking.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

/// Why a source is blind, in one text.
json::value with_reasons(json::value sensors) {
    for (auto& sensor : sensors.at("sensors").as_array()) {
        auto& row = sensor.as_object();
        std::string why;
        for (const auto& reason : row.at("blind").as_array())
            why +=
                fmt::format("{}{}", why.empty() ? "" : "; ", std::string_view{reason.as_string()});
        row["why"] = why;
        row["state"] = row.at("alive").as_bool() ? "alive" : "BLIND";
        if (const auto* rate = row.if_contains("per_second")) row["rate"] = plain(*rate);
        if (const auto* lag = row.if_contains("lag_seconds")) row["lag"] = plain(*lag);
    }
    return sensors;
}

Result<int> sensors(const Common& common, const Output& out) {
    const auto api = daemon_of(common);
    if (!api) return std::unexpected(api.error());
    auto answer = api->get("/api/v1/sensors");
    if (!answer) return std::unexpected(answer.error());
    const bool people = out.format == OutputFormat::human;
    print_list(people ? with_reasons(std::move(*answer)) : *answer, "sensors",
               {{"SOURCE", "source"},
                {"STATE", "state"},
                {"EVENTS", "events"},
                {"PER SECOND", "rate"},
                {"DROPPED", "dropped"},
                {"LAG (s)", "lag"},
                {"NEWEST", "last_event"},
                {"WHAT IS WRONG", "why"}},
               "no sources are watched here", out);
    return 0;
}

}  // namespace

void add_sensors(CLI::App& app, Common& common, Action& action) {
    CLI::App* command = add_subcommand(
        app, common, "sensors", "every source: alive or blind, and why", "kentongan sensors");
    command->callback([&] { action = [&](const Output& out) { return sensors(common, out); }; });
}

}  // namespace kentongan::cli
