// kentongan-bench-desk: findings a second that the alert desk merges while 100,000 alerts are open,
// with and without what it does beside merging.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/alert/desk.hpp"

namespace {

using namespace kentongan;

constexpr std::size_t kOpen = 100'000;
constexpr std::size_t kFindings = 1'000'000;

std::vector<std::shared_ptr<const Rule>> rules() {
    std::vector<std::shared_ptr<const Rule>> out;
    for (int i = 0; i < 64; ++i) {
        auto rule = std::make_shared<Rule>();
        rule->id = fmt::format("3f1c0c4e-0000-4000-8000-{:012}", i);
        rule->name = "A rule of the benchmark";
        rule->ruleset = static_cast<Ruleset>(i % 8);
        rule->rule_class = i % 2 == 0 ? "attack" : "compromise";
        out.push_back(std::move(rule));
    }
    return out;
}

std::vector<Finding> findings() {
    const auto all = rules();
    std::vector<Finding> out(kOpen);
    for (std::size_t i = 0; i < out.size(); ++i) {
        Finding& one = out[i];
        one.rule = all[i % all.size()];
        one.subject.source_ip =
            IpAddress::parse(fmt::format("36.{}.{}.{}", i % 251, i / 251 % 256, i / 64256));
        one.entity = one.subject.source_ip->to_string();
        one.message = "more of the same from " + one.entity;
        one.subject.host = fmt::format("web-{}", i % 20);
        one.evidence.push_back({"log", "/var/log/nginx/access.log", i, std::string(64, 'a'),
                                "GET /pemilu/hhcw/ppwp/31.json HTTP/1.1"});
    }
    return out;
}

double per_second(const DeskOptions& options) {
    const std::vector<Finding> all = findings();
    const Timestamp start = *parse_rfc3339("2024-11-27T11:00:00Z");
    std::array<double, 3> rounds{};
    for (double& round : rounds) {
        AlertDesk desk{options, nullptr};
        const auto feed = [&](std::size_t i) {
            Finding one = all[i % kOpen];
            one.time = start + std::chrono::milliseconds{i / 10};
            desk.take(std::move(one));
        };
        for (std::size_t i = 0; i < kOpen; ++i) feed(i);
        (void)desk.take_changes();
        const auto began = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < kFindings; ++i) {
            feed(i);
            if (i % 1000 == 999) (void)desk.take_changes();
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        round = static_cast<double>(kFindings) / took.count();
    }
    std::ranges::nth_element(rounds, rounds.begin() + 1);
    return rounds[1];
}

DeskOptions with_everything() {
    DeskOptions out;
    out.storms.alerts = 1'000'000;  // counted, never reached: all alerts stay open
    out.corroboration.witnesses = 3;
    DeskContext context;
    context.budgets.alerts_an_hour = 1'000'000;
    Asset asset{
        .name = "web", .criticality = Criticality::high, .hosts = {"web-3"}, .networks = {}};
    asset.networks.push_back(*IpNetwork::parse("10.0.0.0/8"));
    context.assets = Assets{{asset}};
    Phase phase;
    phase.name = "voting";
    phase.begins = *parse_rfc3339("2024-11-27T00:00:00Z");
    phase.ends = *parse_rfc3339("2024-11-28T00:00:00Z");
    phase.tighten = {"compromise"};
    context.calendar = Calendar{{phase}};
    out.context = std::make_shared<const DeskContext>(std::move(context));
    return out;
}

}  // namespace

int main() {
    fmt::print("{:<44}{:>12}\n", "100,000 alerts open", "findings/s");
    fmt::print("{:<44}{:>12.0f}\n", "merging alone", per_second({}));
    fmt::print("{:<44}{:>12.0f}\n", "with phase, asset, corroboration, budget",
               per_second(with_everything()));
    return 0;
}
