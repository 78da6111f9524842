// The end of `./dev demo --once`: the summary, and whether every part took part.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "tests/support/demo/ask.hpp"
#include "tests/support/demo/performance.hpp"

namespace kentongan::demo {

namespace json = boost::json;

namespace {

/// Collects what is missing.
class Verdict {
  public:
    void expect(bool there, const std::string& what) {
        if (!there) missing_.push_back(what);
    }
    [[nodiscard]] int print() const {
        if (missing_.empty()) {
            fmt::print("\nevery collector, detector kind and agency took part\n");
            return 0;
        }
        fmt::print("\nmissing:\n");
        for (const auto& what : missing_) fmt::print("  {}\n", what);
        return 1;
    }

  private:
    std::vector<std::string> missing_;
};

void count_sources(const json::value& status, Verdict& verdict) {
    std::map<std::string, double> by_collector;
    fmt::print("\nevents in, by source\n");
    for (const auto& item : status.at("sources").as_array()) {
        const std::string name(item.at("source").as_string());
        const double events = item.at("events").to_number<double>();
        fmt::print("  {:<22} {:>9.0f}\n", name, events);
        by_collector[name.substr(0, name.find(':'))] += events;
        verdict.expect(events > 0, "events from " + name);
    }
    for (const auto* collector : {"packet", "log", "integrity", "zeek", "report"})
        verdict.expect(by_collector[collector] > 0,
                       fmt::format("events from the {} collector", collector));
}

void count_rules(const json::value& alerts, Verdict& verdict) {
    std::map<std::string, std::pair<std::size_t, double>> by_rule;
    std::map<std::string, std::size_t> by_kind;
    for (const auto& alert : alerts.as_array()) {
        const std::string kind(alert.at("rule").at("ruleset").as_string());
        auto& [count, findings] = by_rule[fmt::format(
            "{:<10} {}", kind, std::string_view(alert.at("rule").at("name").as_string()))];
        ++count;
        findings += alert.at("kentongan").at("count").to_number<double>();
        ++by_kind[kind];
    }
    fmt::print("\nalerts, by rule                                              alerts  findings\n");
    for (const auto& [rule, counts] : by_rule)
        fmt::print("  {:<58} {:>6} {:>9.0f}\n", rule.substr(0, 58), counts.first, counts.second);
    for (const auto* kind : {"yara", "sigma", "anomaly", "sirekap", "integrity", "zeek", "report"})
        verdict.expect(by_kind[kind] > 0, fmt::format("an alert of kind {}", kind));
}

}  // namespace

Task<Result<int>> Performance::judge() {
    const auto program = (options_.programs / "kentongan").native();
    const auto config = stage_->config().native();
    Verdict verdict;

    json::value deliveries;
    for (int i = 0; i < 150; ++i) {  // until every agency has acknowledged everything
        const auto answer =
            co_await ask({program, "delivery", "list", "-o", "json", "--config", config});
        if (!answer) co_return std::unexpected(answer.error());
        deliveries = answer->at("deliveries");
        std::int64_t waiting = 0;
        for (const auto& item : deliveries.as_array())
            waiting += item.at("pending").to_number<std::int64_t>();
        if (waiting == 0) break;
        co_await sleep_for(std::chrono::milliseconds{200});
    }
    const auto status = co_await ask({program, "status", "-o", "json", "--config", config});
    if (!status) co_return std::unexpected(status.error());
    const auto alerts = co_await ask(
        {program, "alerts", "list", "-o", "json", "--limit", "100000", "--config", config});
    if (!alerts) co_return std::unexpected(alerts.error());

    count_sources(*status, verdict);
    count_rules(*alerts, verdict);
    fmt::print("\ndeliveries, by agency          acknowledged   waiting  at the agency\n");
    for (const auto& item : deliveries.as_array()) {
        const std::string agency(item.at("destination").as_string());
        const auto delivered = item.at("delivered").to_number<std::int64_t>();
        const auto pending = item.at("pending").to_number<std::int64_t>();
        fmt::print("  {:<28} {:>12} {:>9} {:>14}\n", agency, delivered, pending,
                   tallies_[agency].messages);
        verdict.expect(pending == 0, agency + " to acknowledge everything");
    }
    for (const auto& [agency, tally] : tallies_)
        verdict.expect(tally.messages > 0, "a delivery to " + agency);
    std::uintmax_t bytes = 0;  // with what is still in the write-ahead log
    for (const auto& file : std::filesystem::directory_iterator(stage_->path("state")))
        if (file.path().filename().native().starts_with("alerts.db")) bytes += file.file_size();
    fmt::print("\n{} alerts stored, database {} KiB\n", alerts->as_array().size(), bytes / 1024);
    co_return verdict.print();
}

}  // namespace kentongan::demo
