// Adds up ten seconds of all lanes, then judges networks, the link and victims by their order.
#include "daemon/detect/anomaly/volumetric_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/series/words.hpp"

namespace kentongan::anomaly {

namespace {

constexpr double kSeconds = 10;
constexpr std::uint32_t kWarmUp = 60;
constexpr double kTimes = 3;
constexpr double kLeastBytes = 1.25e6;  // a second: 10 Mbit/s
constexpr double kLeastPackets = 1e4;   // a second
constexpr double kLeastDeviation = 0.1;
constexpr double kMeanToDeviation = 1.25;  // a normal deviate's standard deviation over its mean
constexpr Duration kMemory = std::chrono::hours{24};
constexpr Duration kQuiet = std::chrono::minutes{2};
constexpr double kForecast = 300;  // seconds
constexpr double kShare = 0.8;
constexpr double kUnsolicited = 500;  // a second
constexpr std::uint32_t kReflectors = 20;
constexpr std::uint64_t kLongAnswer = 512;
constexpr std::uint64_t kAmplified = 200;  // answers in a bin
constexpr std::uint64_t kAmplification = 10;

std::string protocol_name(std::uint8_t protocol) {
    if (protocol == 6) return "TCP";
    if (protocol == 17) return "UDP";
    if (protocol == 1 || protocol == 58) return "ICMP";
    return fmt::format("IP protocol {}", protocol);
}

}  // namespace

VolumetricDetector::VolumetricDetector(const AnomalyOptions& options)
    : capacity_(static_cast<std::size_t>(std::max<std::int64_t>(options.table_entries, 1))),
      link_bytes_(static_cast<double>(options.link_mbps) * 1e6 / 8),
      ours_(options.own_networks),
      networks_(options.table_entries, kMemory, options.seed),
      floods_(options.table_entries, kQuiet, options.seed),
      links_(16, kQuiet, options.seed),
      reflections_(options.table_entries, kQuiet, options.seed),
      amplifiers_(options.table_entries, kQuiet, options.seed) {}

std::uint64_t VolumetricDetector::evicted() const {
    return refused_ + networks_.evicted() + floods_.evicted() + reflections_.evicted() +
           amplifiers_.evicted();
}

void VolumetricDetector::inspect(const TrafficSecond& traffic, FindingSink& out) {
    if (bins_.ends_with(traffic.second)) {
        close_bin(out);
        bins_.open(traffic.second);
    }
    if (bins_.is_lost(traffic.second)) return;
    capture_ = std::max(capture_, std::string(traffic.source));
    link_total_ += traffic.bytes;
    add_prefixes(traffic);
    add_answers(traffic);
    add_amplifiers(traffic);
}

void VolumetricDetector::add_prefixes(const TrafficSecond& traffic) {
    for (const auto& each : traffic.prefixes) {
        const Name name{each.network, each.protocol};
        if (totals_.size() >= capacity_ && !totals_.contains(name)) {
            ++refused_;
            continue;
        }
        Totals& totals = totals_[name];
        totals.packets += each.packets;
        totals.bytes += each.bytes;
        totals.hosts = std::max(totals.hosts, each.hosts);
    }
}

void VolumetricDetector::add_answers(const TrafficSecond& traffic) {
    for (const auto& each : traffic.reflections) {
        if (answers_.size() >= capacity_ && !answers_.contains(each.victim)) {
            ++refused_;
            continue;
        }
        Answers& answers = answers_[each.victim];
        answers.packets += each.packets;
        answers.unsolicited += each.unsolicited;
        answers.bytes += each.unsolicited_bytes;
        answers.reflectors = std::max(answers.reflectors, each.reflectors);
        answers.port = std::max(answers.port, each.port);
        answers.dns += each.dns;
        answers.dns_bytes += each.dns_bytes;
    }
}

void VolumetricDetector::add_amplifiers(const TrafficSecond& traffic) {
    const auto is_ours = [&](const IpAddress& address) {
        return is_internal(address) || is_in(address, ours_);
    };
    for (const auto& each : traffic.amplifiers) {
        if (!is_ours(each.server) || is_ours(each.client)) continue;
        const Amplified pair{each.server, each.client, each.port};
        if (amplified_.size() >= capacity_ && !amplified_.contains(pair)) {
            ++refused_;
            continue;
        }
        Amplification& sums = amplified_[pair];
        sums.query_bytes += each.query_bytes;
        sums.answers += each.answers;
        sums.answer_bytes += each.answer_bytes;
    }
}

void VolumetricDetector::advance(Timestamp now, FindingSink& out) {
    if (bins_.over(now)) {
        close_bin(out);
        bins_.open_next();
    }
    networks_.expire(now);
    clock_.at(now);
    for (FindingEpisodes* episodes : {&floods_, &links_, &reflections_, &amplifiers_})
        episodes->advance(now, out);
}

void VolumetricDetector::close_bin(FindingSink& out) {
    if (!totals_.empty()) clock_.changed();
    for (const auto& [name, totals] : totals_) judge(name, totals, out);
    for (const auto& [victim, answers] : answers_) judge_answers(victim, answers, out);
    for (const auto& [pair, sums] : amplified_) judge_amplifier(pair, sums, out);
    if (link_bytes_ > 0) judge_link(out);
    totals_.clear();
    answers_.clear();
    amplified_.clear();
    link_total_ = 0;
}

Finding VolumetricDetector::finding(const RulePointer& rule, std::string entity,
                                    std::string message) const {
    Finding out;
    out.rule = rule;
    out.time = bins_.begin();
    out.entity = std::move(entity);
    out.message = std::move(message);
    out.evidence.push_back(aggregate_evidence(capture_, out.time, out.message));
    return out;
}

int VolumetricDetector::Course::add(double value, bool learning) {
    const auto read = line.add(std::log1p(value), 0);
    expected = std::expm1(read.expected);
    const double deviation = std::max(kMeanToDeviation * read.deviation, kLeastDeviation);
    return learning ? 0 : sum.add(read.error / deviation);
}

void VolumetricDetector::judge(const Name& name, const Totals& totals, FindingSink& out) {
    const bool v4 = name.first.is_v4();
    const std::string entity =
        fmt::format("{}/{} {}", name.first.to_string(), v4 ? 24 : 48, protocol_name(name.second));
    Network& network = networks_.touch(entity, bins_.begin()).value;
    const bool learning = ++network.bins <= kWarmUp;
    const double bytes = static_cast<double>(totals.bytes) / kSeconds;
    const double packets = static_cast<double>(totals.packets) / kSeconds;
    const double usual_bytes = network.bytes.expected;
    const bool more_bytes = network.bytes.add(bytes, learning) > 0 && bytes > kLeastBytes &&
                            bytes > kTimes * usual_bytes;
    const double usual_packets = network.packets.expected;
    const bool more_packets = network.packets.add(packets, learning) > 0 &&
                              packets > kLeastPackets && packets > kTimes * usual_packets;
    const double hosts = totals.hosts;
    const double usual_hosts = network.hosts;
    network.hosts += (network.bins == 1 ? 1 : 0.1) * (hosts - network.hosts);
    if (!more_bytes && !more_packets &&
        !(floods_.ongoing(entity) && bytes > kLeastBytes && bytes > kTimes * usual_bytes))
        return;
    const std::string_view spread = hosts > 2 * usual_hosts + 2   ? ", spread over many more hosts"
                                    : 2 * hosts + 2 < usual_hosts ? ", at far fewer hosts"
                                                                  : "";
    floods_.tell(finding(volumetric_rule(), entity,
                         fmt::format("{} a second and {:.0f} packets/s go to {}, expected were {} "
                                     "and {:.0f}{}. A backup or a cache being filled does the same",
                                     spoken_bytes(bytes), packets, entity,
                                     spoken_bytes(usual_bytes), usual_packets, spread)),
                 out);
}

void VolumetricDetector::judge_link(FindingSink& out) {
    const double now = static_cast<double>(link_total_) / kSeconds;
    const double slope = (now - link_before_) / kSeconds;
    link_before_ = now;
    const double share = now / link_bytes_;
    const double left = slope > 0 ? (link_bytes_ - now) / slope : HUGE_VAL;
    const bool full = share > 0.8;
    if (!full && (share <= 0.5 || left >= kForecast)) return;
    Finding told = finding(
        volumetric_rule(), "link " + capture_,
        full
            ? fmt::format("The link of {} carries {} of what it can", capture_, spoken_share(share))
            : fmt::format("The link of {} carries {} of what it can and, as it grows, is "
                          "full in {:.0f} s",
                          capture_, spoken_share(share), left));
    if (full) told.severity = Severity::critical;
    links_.tell(std::move(told), out);
}

void VolumetricDetector::judge_answers(const IpAddress& victim, const Answers& answers,
                                       FindingSink& out) {
    const bool short_dns = answers.dns_bytes <= kLongAnswer * answers.dns;
    const auto unsolicited =
        static_cast<double>(answers.unsolicited - (short_dns ? answers.dns : 0));
    if (unsolicited < kUnsolicited * kSeconds || answers.reflectors < kReflectors ||
        unsolicited <= kShare * static_cast<double>(answers.packets))
        return;
    Finding told = finding(
        reflection_rule(), victim.to_string(),
        fmt::format("{} gets {:.0f} UDP packets/s from port {} and the like that it did not ask "
                    "for, from {}{} senders, {:.0f} bytes each on average",
                    victim.to_string(), unsolicited / kSeconds, answers.port,
                    answers.reflectors >= 64 ? "at least " : "about ", answers.reflectors,
                    static_cast<double>(answers.bytes) / static_cast<double>(answers.unsolicited)));
    told.subject.destination_ip = victim;
    reflections_.tell(std::move(told), out);
}

void VolumetricDetector::judge_amplifier(const Amplified& pair, const Amplification& sums,
                                         FindingSink& out) {
    if (sums.answers < kAmplified || sums.answer_bytes <= kLongAnswer * sums.answers ||
        sums.answer_bytes <= kAmplification * sums.query_bytes)
        return;
    const double times = static_cast<double>(sums.answer_bytes) /
                         static_cast<double>(std::max<std::uint64_t>(sums.query_bytes, 1));
    const std::string server = Endpoint{pair.server, pair.port}.to_string();
    Finding told = finding(
        reflector_abused_rule(), fmt::format("{} {}", server, pair.client.to_string()),
        fmt::format("{} sends {:.0f} answers a second to {}, {:.0f} times as large as what it is "
                    "asked, {} a second: it is used to flood that address",
                    server, static_cast<double>(sums.answers) / kSeconds, pair.client.to_string(),
                    times, spoken_bytes(static_cast<double>(sums.answer_bytes) / kSeconds)));
    told.subject.source_ip = pair.server;
    told.subject.source_port = pair.port;
    told.subject.destination_ip = pair.client;
    amplifiers_.tell(std::move(told), out);
}

}  // namespace kentongan::anomaly
