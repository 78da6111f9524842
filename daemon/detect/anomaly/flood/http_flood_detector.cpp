// Fills a bin for each service, scores it, and words the verdict.
#include "daemon/detect/anomaly/flood/http_flood_detector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::anomaly {

namespace {

constexpr std::int64_t kServices = 256;
constexpr std::size_t kUntilSeen = 6;  // bins
constexpr Duration kMemory = std::chrono::hours{2};
constexpr Duration kQuiet = std::chrono::minutes{2};
constexpr double kLeastRequests = 200;  // in a bin: fewer trouble no server
constexpr Duration kElectionNight = std::chrono::hours{9};

std::string service_of(const Event& request) {
    const auto address = request.ip(Field::destination_ip);
    if (!address) return std::string(request.origin.source);
    const auto port = request.integer(Field::destination_port).value_or(0);
    return Endpoint{*address, static_cast<std::uint16_t>(std::clamp<std::int64_t>(port, 0, 65535))}
        .to_string();
}

}  // namespace

HttpFloodDetector::HttpFloodDetector(const AnomalyOptions& options)
    : seed_(options.seed),
      sample_(std::max<std::uint32_t>(options.web_sample, 1)),
      polls_close_(options.polls_close),
      hash_(~options.seed),
      memory_(options),
      services_(std::min(options.table_entries, kServices), kMemory, options.seed),
      attacks_(kServices, kQuiet, options.seed),
      warnings_(kServices, kQuiet, options.seed),
      crowds_(kServices, kQuiet, options.seed) {}

std::uint64_t HttpFloodDetector::evicted() const {
    return services_.evicted() + attacks_.evicted() + warnings_.evicted() + crowds_.evicted();
}

bool HttpFloodDetector::picks(const Event& event) const {
    if (sample_ == 1) return true;
    const auto source = event.ip(Field::source_ip);
    return source && hash_(*source) % sample_ == 0;
}

bool HttpFloodDetector::enters(Timestamp time, FindingSink& out) {
    if (bins_.ends_with(time)) {
        close_bin(out);
        bins_.open(time);
    }
    return !bins_.is_lost(time);
}

void HttpFloodDetector::inspect(const Event& event, FindingSink& out) {
    const auto source = event.ip(Field::source_ip);
    if (!source || !picks(event) || !enters(event.time, out)) return;
    Service& service = services_.touch(service_of(event), event.time).value;
    if (!service.bin) service.bin.emplace(seed_);
    if (!service.example) service.example = finding_of(flash_crowd_rule(), event, {});
    service.bin->add(event, *source, memory_);
}

/// Handshakes count for services whose requests are seen too, so a second opens no bin of its own.
void HttpFloodDetector::inspect(const TrafficSecond& traffic, FindingSink& out) {
    if (services_.size() == 0 || !enters(traffic.second, out)) return;
    for (const auto& each : traffic.services) {
        Service* service = services_.find(Endpoint{each.destination, each.port}.to_string());
        if (service == nullptr) continue;
        if (!service->bin) service->bin.emplace(seed_);
        service->bin->add_handshakes(each.syns, each.completed);
    }
}

void HttpFloodDetector::advance(Timestamp now, FindingSink& out) {
    if (bins_.over(now)) {
        close_bin(out);
        bins_.open_next();
    }
    services_.expire(now);
    for (FindingEpisodes* episodes : {&attacks_, &warnings_, &crowds_}) episodes->advance(now, out);
}

void HttpFloodDetector::close_bin(FindingSink& out) {
    std::map<std::string, Service*> services;
    services_.for_each(
        [&](const std::string& name, Service& service) { services.emplace(name, &service); });
    for (const auto& [name, service] : services) judge(name, *service, out);
}

void HttpFloodDetector::judge(const std::string& name, Service& service, FindingSink& out) {
    const FloodMeasures seen = service.bin ? service.bin->measures(memory_) : FloodMeasures{};
    const bool expected = polls_close_ && bins_.begin() >= *polls_close_ &&
                          bins_.begin() < *polls_close_ + kElectionNight;
    const auto read = service.score.add(seen, expected);
    const bool matters = seen.requests * sample_ >= kLeastRequests;
    if (read.verdict != FloodVerdict::ordinary && matters && service.example)
        tell(name, service, seen, read, out);
    remember_networks(service, read.score >= 2);
    service.bin.reset();
    service.example.reset();
}

void HttpFloodDetector::remember_networks(Service& service, bool hold) {
    if (hold) {
        service.new_networks.clear();
        return;
    }
    service.new_networks.push_back(service.bin ? service.bin->take_new_networks()
                                               : std::vector<std::uint64_t>{});
    if (service.new_networks.size() <= kUntilSeen) return;
    for (const std::uint64_t network : service.new_networks.front())
        memory_.networks.add(network, bins_.begin());
    service.new_networks.pop_front();
}

void HttpFloodDetector::tell(const std::string& name, const Service& service,
                             const FloodMeasures& seen, const FloodScore::Reading& read,
                             FindingSink& out) {
    Finding finding = *service.example;
    finding.time = bins_.begin();
    finding.entity = name;
    finding.subject.source_ip.reset();
    finding.subject.source_port.reset();
    finding.count = static_cast<std::uint64_t>(seen.requests);
    const std::string rate =
        fmt::format("{:.0f} requests in 10 s from about {:.0f} sources to {}, usually {:.0f}{}",
                    seen.requests * sample_, seen.sources * sample_, name, read.usual * sample_,
                    sample_ > 1 ? " (estimated from a sample of the sources)" : "");
    if (read.verdict == FloodVerdict::crowd) {
        finding.message =
            fmt::format("A crowd: {}. Score {:.1f}: it looks like people; look to the capacity",
                        rate, read.score);
        return crowds_.tell(std::move(finding), out);
    }
    finding.rule = http_flood_rule();
    const bool attack = read.verdict == FloodVerdict::attack;
    finding.severity = attack ? Severity::critical : Severity::medium;
    finding.message = fmt::format("{}: {}. Score {:.1f}: {}",
                                  attack ? "HTTP flood" : "Early warning of an HTTP flood", rate,
                                  read.score, read.signs);
    (attack ? attacks_ : warnings_).tell(std::move(finding), out);
}

}  // namespace kentongan::anomaly
