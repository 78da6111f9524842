#include "daemon/alert/storms.hpp"

#include <algorithm>

namespace kentongan {

namespace {

constexpr std::size_t kKnownAlerts = 4096;

/// FNV-1a, 64 bits: the same on every machine. Who makes two entities collide hides one of a crowd
/// from a count, nothing more.
std::uint64_t hash_of(const std::string& text) {
    std::uint64_t out = 0xcbf29ce484222325u;
    for (const char c : text) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return out;
}

}  // namespace

std::string source_network(const Finding& finding) {
    const auto& source = finding.subject.source_ip;
    if (!source || source->is_loopback()) return {};
    return source->is_v4() ? source->masked(120).to_string() + "/24"
                           : source->masked(64).to_string() + "/64";
}

Storms::Answer Storms::count(const Finding& finding, const std::string& alert) {
    Answer out;
    if (!on()) return out;
    const std::uint64_t hash = hash_of(alert);
    const Turn by_rule = turn(finding.rule->id, finding.time, hash);
    std::string network = source_network(finding);
    const Turn by_network = network.empty() ? Turn{} : turn(network, finding.time, hash);
    if (by_rule.storm)
        out = {Family::rule, finding.rule->id, by_rule.fresh};
    else if (by_network.storm)
        out = {Family::network, std::move(network), by_network.fresh};
    return out;
}

/// Two neighbouring windows weighted by their overlap with the sliding one. A storm begins above
/// the limit and ends below half of it.
Storms::Turn Storms::turn(const std::string& name, Timestamp time, std::uint64_t alert) {
    Rate& rate = rates_.at(name);
    const std::int64_t length = std::max<std::int64_t>(options_.window.count(), 1);
    const std::int64_t window = std::max(to_nanoseconds(time) / length, rate.window);
    if (window != rate.window) {
        rate.previous = window == rate.window + 1 ? rate.current : 0;
        rate.current = 0;
        rate.window = window;
    }
    const double into = static_cast<double>(to_nanoseconds(time) - window * length);
    const double share = std::clamp(1 - into / static_cast<double>(length), 0.0, 1.0);
    const auto limit = static_cast<double>(options_.alerts);
    if (rate.storm && rate.current + rate.previous * share < limit / 2) {
        rate.storm = false;
        forget(name);
    }
    if (rate.storm && members_.at(name).contains(alert)) return {.storm = true, .fresh = false};
    rate.current += 1;
    rate.storm = rate.storm || rate.current + rate.previous * share > limit;
    if (rate.storm)
        if (auto& members = members_.at(name); members.size() < kKnownAlerts) members.insert(alert);
    return {.storm = rate.storm, .fresh = true};
}

void Storms::resume(const std::string& name, Timestamp time) {
    if (!on()) return;
    Rate& rate = rates_.at(name);
    rate.window = to_nanoseconds(time) / std::max<std::int64_t>(options_.window.count(), 1);
    rate.current = static_cast<double>(options_.alerts);
    rate.storm = true;
}

void Storms::forget(const std::string& name) {
    if (auto* members = members_.find(name)) members->clear();
}

}  // namespace kentongan
