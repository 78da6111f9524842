// Remembers who talked to whom, and who answered where.
#include "daemon/detect/anomaly/fan_out_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::anomaly {

namespace {

constexpr Duration kWindow = std::chrono::minutes{10};
constexpr Duration kDay = std::chrono::hours{24};
constexpr Duration kMemory = 30 * kDay;
constexpr Duration kLearning = std::chrono::hours{1};
constexpr std::size_t kPeers = 5;
constexpr std::size_t kMostPeers = 64;
constexpr std::int64_t kEphemeral = 32768;
constexpr std::array<std::int64_t, 8> kAdministration{22, 135, 445, 1433, 3306, 3389, 5432, 5985};

/// Bytes came back: a scan's closed ports are no peers and no services.
bool was_answered(const Event& event) {
    return event.integer(Field::destination_bytes).value_or(0) > 0;
}

}  // namespace

FanOutDetector::FanOutDetector(const AnomalyOptions& options)
    : ours_(options.own_networks),
      management_(options.management_hosts),
      pairs_(options.table_entries, kMemory, options.seed),
      sources_(options.table_entries, kWindow, options.seed),
      hosts_(options.table_entries, kMemory, options.seed),
      services_(options.table_entries, kMemory, options.seed),
      episodes_(options.table_entries, kWindow, options.seed) {}

std::uint64_t FanOutDetector::evicted() const {
    return pairs_.evicted() + sources_.evicted() + hosts_.evicted() + services_.evicted() +
           episodes_.evicted();
}

bool FanOutDetector::is_ours(const IpAddress& address) const {
    return is_internal(address) || is_in(address, ours_);
}

void FanOutDetector::inspect(const Event& event, FindingSink& out) {
    const auto from = event.ip(Field::source_ip);
    const auto to = event.ip(Field::destination_ip);
    const auto port = event.integer(Field::destination_port);
    if (!from || !to || !port || *port <= 0 || *port > 65535 || !was_answered(event)) return;
    if (event.text(Field::network_transport) == "icmp" || !is_ours(*to) || *from == *to) return;
    begun_ = std::min(begun_, event.time);
    clock_.changed();
    if (*port < kEphemeral) answered(event, {*to, static_cast<std::uint16_t>(*port)}, out);
    if (is_ours(*from) && std::ranges::find(kAdministration, *port) != kAdministration.end())
        meet(event, {*from, *to}, *port, out);
}

void FanOutDetector::meet(const Event& event, const AddressPair& pair, std::int64_t port,
                          FindingSink& out) {
    if (is_in(pair.from, management_)) return;
    const bool is_new = pairs_.touch(pair, event.time).created;
    if (!is_new || event.time - begun_ < kLearning) return;
    auto& fresh = sources_.touch(pair.from, event.time).value.fresh;
    std::erase_if(fresh, [&](const Peer& peer) { return peer.met + kWindow <= event.time; });
    if (fresh.size() == kMostPeers) fresh.erase(fresh.begin());
    fresh.push_back({pair.to, event.time});
    if (fresh.size() < kPeers) return;
    std::string named;
    for (std::size_t i = fresh.size() - kPeers; i < fresh.size(); ++i)
        named += (named.empty() ? "" : ", ") + fresh[i].address.to_string();
    Finding finding = finding_of(
        lateral_fan_out_rule(), event,
        fmt::format("{} connected within 10 min to {}{} hosts on administration ports that it did "
                    "not reach in 30 days or since the sensor began; the last ones: {}; port {}",
                    pair.from.to_string(), fresh.size() == kMostPeers ? "at least " : "",
                    fresh.size(), named, port));
    finding.entity = pair.from.to_string();
    episodes_.tell(std::move(finding), out);
}

void FanOutDetector::answered(const Event& event, const Endpoint& service, FindingSink& out) {
    auto [since, unknown] = hosts_.touch(service.address, event.time);
    if (unknown) since = event.time;
    const bool is_new = services_.touch(service, event.time).created;
    if (!is_new || event.time - since < kDay) return;
    Finding finding = finding_of(
        new_service_rule(), event,
        fmt::format("{} answered on port {}, where it did not in the 30 days before or since it "
                    "was first seen on {}; a new service that was announced explains it",
                    service.address.to_string(), service.port, to_rfc3339(since, 0)));
    finding.entity = service.to_string();
    out.report(std::move(finding));
}

void FanOutDetector::advance(Timestamp now, FindingSink& out) {
    clock_.at(now);
    pairs_.expire(now);
    sources_.expire(now);
    hosts_.expire(now);
    services_.expire(now);
    episodes_.advance(now, out);
}

}  // namespace kentongan::anomaly
