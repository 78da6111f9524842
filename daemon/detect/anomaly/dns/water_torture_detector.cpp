// Sketches of the names asked for below each domain of ours.
#include "daemon/detect/anomaly/dns/water_torture_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/dns/domain_name.hpp"
#include "daemon/detect/anomaly/rules.hpp"

namespace kentongan::anomaly {

namespace {
constexpr double kNames = 500;
constexpr double kShare = 0.8;
constexpr double kThreshold = -4.1;
}  // namespace

WaterTortureDetector::WaterTortureDetector(const AnomalyOptions& options)
    : model_(TrigramModel::built_in()),
      ours_(options.own_domains),
      hash_(options.seed),
      episodes_(options.table_entries, std::chrono::minutes{1}, options.seed) {}

void WaterTortureDetector::inspect(const Event& event, FindingSink& out) {
    const auto source = event.ip(Field::source_ip);
    const std::string_view code = event.text(Field::dns_response_code);
    if (!source || code.empty()) return;
    const DomainName asked = domain_name(event.text(Field::dns_question_name));
    const auto own = std::ranges::find_if(
        ours_, [&](const std::string& domain) { return is_under(asked.whole, {domain}); });
    if (own == ours_.end()) return;
    if (bins_.ends_with(event.time)) {
        close_bin(out);
        bins_.open(event.time);
    }
    if (bins_.is_lost(event.time)) return;
    Domain& domain = domains_[*own];
    ++domain.answers;
    domain.capture = event.origin.source;
    if (code != "NXDOMAIN") return;
    ++domain.missing;
    domain.names.add(hash_(asked.whole));
    domain.sources.add(hash_(*source));
    domain.scores += model_.score(std::string_view{asked.whole}.substr(0, asked.whole.find('.')));
}

void WaterTortureDetector::close_bin(FindingSink& out) {
    for (const auto& [name, domain] : domains_) judge(name, domain, out);
    domains_.clear();
}

void WaterTortureDetector::judge(const std::string& name, const Domain& domain, FindingSink& out) {
    const double names = domain.names.estimate();
    const auto missing = static_cast<double>(domain.missing);
    const double share = missing / static_cast<double>(std::max<std::uint64_t>(domain.answers, 1));
    if (names < kNames || share <= kShare || domain.scores / missing >= kThreshold) return;
    Finding finding;
    finding.rule = water_torture_rule();
    finding.time = bins_.begin();
    finding.entity = name;
    finding.message = fmt::format(
        "About {:.0f} different random names below {} were asked for in 10 s by about {:.0f} "
        "sources, {:.0f} % of {} answers were NXDOMAIN",
        names, name, domain.sources.estimate(), 100 * share, domain.answers);
    finding.evidence.push_back(aggregate_evidence(domain.capture, finding.time, finding.message));
    episodes_.tell(std::move(finding), out);
}

void WaterTortureDetector::advance(Timestamp now, FindingSink& out) {
    if (bins_.over(now)) {
        close_bin(out);
        bins_.open_next();
    }
    episodes_.advance(now, out);
}

}  // namespace kentongan::anomaly
