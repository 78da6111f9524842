// Counts distinct names below one registrable domain.
#include "daemon/detect/anomaly/dns/dns_tunnel_detector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/detect/anomaly/dns/domain_name.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::anomaly {

namespace {

constexpr Duration kWindow = std::chrono::seconds{60};
constexpr std::size_t kNames = 256;
constexpr std::size_t kLeastDistinct = 15;
constexpr std::size_t kLeastProduct = 600;  // U x L

std::uint32_t second_of(Timestamp time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds.count(), 0, UINT32_MAX));
}

}  // namespace

DnsTunnelDetector::DnsTunnelDetector(const AnomalyOptions& options)
    : allowed_(options.dns_allowed),
      hash_(options.seed),
      pairs_(options.table_entries, kWindow, options.seed),
      episodes_(options.table_entries, std::chrono::minutes{5}, options.seed) {
    allowed_.insert(allowed_.end(), options.own_domains.begin(), options.own_domains.end());
    allowed_.insert(allowed_.end(), {"in-addr.arpa", "ip6.arpa"});
}

std::uint64_t DnsTunnelDetector::evicted() const { return pairs_.evicted() + episodes_.evicted(); }

void DnsTunnelDetector::Pair::add(Name name) {
    for (Name& known : names)
        if (known.hash == name.hash && known.length == name.length) {
            known.second = std::max(known.second, name.second);
            return;
        }
    if (names.size() < kNames)
        names.push_back(name);
    else
        *std::ranges::min_element(names, {}, &Name::second) = name;
}

void DnsTunnelDetector::inspect(const Event& event, FindingSink& out) {
    const auto source = event.ip(Field::source_ip);
    if (!source) return;
    const DomainName asked = domain_name(event.text(Field::dns_question_name));
    if (asked.registrable.empty() || asked.subdomain.empty() || is_under(asked.whole, allowed_))
        return;
    const std::string client = source->to_string();
    Pair& pair = pairs_.touch(client + ' ' + asked.registrable, event.time).value;
    const std::uint32_t now = second_of(event.time);
    pair.add({static_cast<std::uint32_t>(hash_(asked.subdomain)), now,
              static_cast<std::uint16_t>(asked.subdomain.size())});

    std::size_t distinct = 0;
    std::size_t length = 0;
    for (const Name& name : pair.names) {
        if (name.second + kWindow / std::chrono::seconds{1} <= now) continue;
        ++distinct;
        length += name.length;
    }
    if (distinct < kLeastDistinct || length < kLeastProduct) return;
    Finding finding = finding_of(
        dns_tunnel_rule(), event,
        fmt::format("{} asked for {}{} different names below {} within 60 s, {:.0f} characters "
                    "long on average before the domain: data may be carried in the names. "
                    "Antivirus and CDN telemetry do the same",
                    client, distinct == kNames ? "at least " : "", distinct, asked.registrable,
                    static_cast<double>(length) / static_cast<double>(distinct)));
    finding.entity = fmt::format("{} {}", client, asked.registrable);
    episodes_.tell(std::move(finding), out);
}

void DnsTunnelDetector::advance(Timestamp now, FindingSink& out) {
    pairs_.expire(now);
    episodes_.advance(now, out);
}

}  // namespace kentongan::anomaly
