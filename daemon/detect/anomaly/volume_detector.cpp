// What each host of ours sent, by bins of ten minutes and by days.
#include "daemon/detect/anomaly/volume_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/anomaly/series/words.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::anomaly {

namespace {

constexpr Duration kBin = std::chrono::minutes{10};
constexpr Duration kDay = std::chrono::hours{24};
constexpr Duration kNews = 7 * kDay;  // an address seen for longer is an old acquaintance
constexpr double kLimit = 6;
constexpr std::uint64_t kOutToIn = 10;
constexpr std::uint64_t kMega = 1'000'000;
constexpr std::int64_t kHosts = 8192;  // 2.5 KiB each

std::uint64_t bytes_of(const Event& event, Field field) {
    const auto bytes = event.integer(field);
    return bytes && *bytes > 0 ? static_cast<std::uint64_t>(*bytes) : 0;
}

std::string said(std::uint64_t bytes) { return spoken_bytes(static_cast<double>(bytes)); }

}  // namespace

VolumeDetector::VolumeDetector(const AnomalyOptions& options)
    : allowed_(options.outbound_allowed),
      ours_(options.own_networks),
      bins_(kBin),
      hosts_(std::min(options.table_entries, kHosts), 2 * kDay, options.seed),
      peers_(options.table_entries, kNews, options.seed),
      told_(options.table_entries, kDay, options.seed) {
    tune(options);
}

void VolumeDetector::tune(const AnomalyOptions& options) {
    const auto bytes = [](std::int64_t megabytes) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(megabytes, 1)) * kMega;
    };
    most_ = bytes(options.outbound_mb);
    most_of_a_day_ = bytes(options.outbound_day_mb);
}

std::uint64_t VolumeDetector::evicted() const {
    return hosts_.evicted() + peers_.evicted() + told_.evicted();
}

bool VolumeDetector::is_counted(const IpAddress& from, const IpAddress& to) const {
    const auto is_ours = [&](const IpAddress& a) { return is_internal(a) || is_in(a, ours_); };
    return is_ours(from) && !is_ours(to) && !is_in(to, allowed_);
}

VolumeDetector::Volume VolumeDetector::news_of(const Event& event) {
    Volume out{bytes_of(event, Field::source_bytes), bytes_of(event, Field::destination_bytes)};
    const std::string key = fmt::format("{} {}", event.origin.source, event.origin.position);
    const Volume all = out;
    if (const Volume* before = told_.find(key)) {
        out.sent -= std::min(out.sent, before->sent);
        out.received -= std::min(out.received, before->received);
    }
    if (event.text(Field::event_action) == "ongoing")
        told_.touch(key, event.time).value = all;
    else
        told_.erase(key);
    return out;
}

void VolumeDetector::inspect(const Event& event, FindingSink& out) {
    const auto from = event.ip(Field::source_ip);
    const auto to = event.ip(Field::destination_ip);
    if (!from || !to || !is_counted(*from, *to)) return;
    if (bins_.ends_with(event.time)) {
        close_bin(out);
        bins_.open(event.time);
    }
    if (bins_.is_lost(event.time)) return;
    auto [host, created] = hosts_.touch(*from, event.time);
    if (created) host.first_seen = event.time;
    const auto [sent, received] = news_of(event);
    host.sent += sent;
    host.received += received;
    clock_.changed();
    if (sent > host.largest && sent >= kMega) {
        host.largest = sent;
        host.example = finding_of(outbound_volume_rule(), event, {});
    }
    count_day(host, {*from, *to}, event, sent, out);
}

void VolumeDetector::count_day(const Host& host, const AddressPair& pair, const Event& event,
                               std::uint64_t bytes, FindingSink& out) {
    auto [peer, created] = peers_.touch(pair, event.time);
    if (created) peer.first_seen = peer.since = event.time;
    if (event.time - peer.since >= kDay) {
        peer.since = event.time;
        peer.sent = 0;
        peer.told = false;
    }
    peer.sent += bytes;
    const bool is_new = event.time - peer.first_seen < kNews;
    const bool host_is_known = peer.first_seen - host.first_seen >= kDay;
    if (peer.sent <= most_of_a_day_ || !is_new || !host_is_known || std::exchange(peer.told, true))
        return;
    Finding finding =
        finding_of(outbound_volume_rule(), event,
                   fmt::format("{} sent {} within 24 h to {}, an address it did not know before {}",
                               pair.from.to_string(), said(peer.sent), pair.to.to_string(),
                               to_rfc3339(peer.first_seen, 0)));
    finding.entity = pair.from.to_string();
    out.report(std::move(finding));
}

void VolumeDetector::advance(Timestamp now, FindingSink& out) {
    hosts_.expire(now);
    peers_.expire(now);
    told_.expire(now);
    clock_.at(now);
    if (!bins_.over(now)) return;
    close_bin(out);
    bins_.open_next();
}

/// In the order of addresses: the order of the table depends on that of the lanes' last events.
void VolumeDetector::close_bin(FindingSink& out) {
    std::map<IpAddress, Host*> hosts;
    hosts_.for_each([&](const IpAddress& address, Host& host) { hosts.emplace(address, &host); });
    for (const auto& [address, host] : hosts) {
        judge(address, *host, out);
        host->sent = host->received = host->largest = 0;
        host->example.reset();
    }
}

void VolumeDetector::judge(const IpAddress& address, Host& host, FindingSink& out) {
    const double z = host.history.add(std::log10(1 + static_cast<double>(host.sent)));
    const bool known = ++host.bins > kHistory / 2;
    if ((known && z <= kLimit) || host.sent <= most_ || host.sent / kOutToIn <= host.received ||
        !host.example)
        return;
    Finding finding = std::move(*host.example);
    finding.time = bins_.end();
    finding.entity = address.to_string();
    finding.message = fmt::format(
        "{} sent {} to addresses outside in 10 min{}, and received {}; the largest part, {}, in "
        "one "
        "connection to {}",
        address.to_string(), said(host.sent), known ? ", far more than in the days before" : "",
        said(host.received), said(host.largest),
        finding.subject.destination_ip ? finding.subject.destination_ip->to_string() : "?");
    out.report(std::move(finding));
}

}  // namespace kentongan::anomaly
