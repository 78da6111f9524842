// Remembers the domains a source did not find.
#include "daemon/detect/anomaly/dns/dga_detector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/detect/anomaly/dns/domain_name.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::anomaly {

namespace {
constexpr Duration kWindow = std::chrono::minutes{10};
constexpr std::size_t kMost = 64;
constexpr std::size_t kMany = 50;
constexpr double kShare = 0.7;

std::string_view first_label(std::string_view domain) { return domain.substr(0, domain.find('.')); }
}  // namespace

DgaDetector::DgaDetector(const AnomalyOptions& options)
    : model_(TrigramModel::built_in()),
      allowed_(options.dns_allowed),
      hash_(options.seed),
      sources_(options.table_entries, 2 * kWindow, options.seed),
      episodes_(options.table_entries, kWindow, options.seed) {
    allowed_.insert(allowed_.end(), options.own_domains.begin(), options.own_domains.end());
}

std::uint64_t DgaDetector::evicted() const { return sources_.evicted() + episodes_.evicted(); }

void DgaDetector::Answers::add(Timestamp time, bool is_missing) {
    if (time - since >= kWindow) {
        const bool next = time - since < 2 * kWindow;
        before = next ? now : 0;
        missing_before = next ? missing_now : 0;
        now = missing_now = 0;
        since = next ? since + kWindow : time;
    }
    ++now;
    missing_now += is_missing ? 1 : 0;
}

double DgaDetector::Answers::share_missing() const {
    const double all = static_cast<double>(now) + before;
    return all > 0 ? (static_cast<double>(missing_now) + missing_before) / all : 0;
}

void DgaDetector::inspect(const Event& event, FindingSink& out) {
    const auto address = event.ip(Field::source_ip);
    const std::string_view code = event.text(Field::dns_response_code);
    if (!address || code.empty()) return;
    const bool missing = code == "NXDOMAIN";
    if (!missing && sources_.find(*address) == nullptr) {
        sources_.touch(*address, event.time).value.answers.add(event.time, false);
        return;
    }
    const DomainName asked =
        missing ? domain_name(event.text(Field::dns_question_name)) : DomainName{};
    if (missing && (asked.registrable.empty() || is_under(asked.whole, allowed_))) return;
    Source& source = sources_.touch(*address, event.time).value;
    source.answers.add(event.time, missing);
    if (!missing) return;
    const auto hash = static_cast<std::uint32_t>(hash_(asked.registrable));
    std::erase_if(source.missing,
                  [&](const Missing& each) { return each.seen + kWindow <= event.time; });
    if (std::ranges::find(source.missing, hash, &Missing::hash) != source.missing.end()) return;
    if (source.missing.size() == kMost) source.missing.erase(source.missing.begin());
    source.missing.push_back(
        {hash, static_cast<float>(model_.score(first_label(asked.registrable))), event.time});
    judge(event, *address, source, asked.registrable, out);
}

void DgaDetector::judge(const Event& event, const IpAddress& address, const Source& source,
                        std::string_view domain, FindingSink& out) {
    const std::size_t distinct = source.missing.size();
    if (distinct < kLast) return;
    double sum = 0;
    for (std::size_t i = distinct - kLast; i < distinct; ++i)
        sum += static_cast<double>(source.missing[i].score);
    const double mean = sum / kLast;
    const double share = source.answers.share_missing();
    const bool random = mean < kThreshold;
    if (!random && (distinct < kMany || share <= kShare)) return;
    Finding finding = finding_of(
        dga_rule(), event,
        fmt::format("{} asked for {}{} registrable domains that do not exist within 10 min, {:.0f} "
                    "% of its queries of the time; the last ten score {:.2f} against a model of "
                    "words ({}), the newest is {}",
                    address.to_string(), distinct == kMost ? "at least " : "", distinct,
                    100 * share, mean, random ? "random letters" : "like words", domain));
    finding.entity = address.to_string();
    episodes_.tell(std::move(finding), out);
}

void DgaDetector::advance(Timestamp now, FindingSink& out) {
    sources_.expire(now);
    episodes_.advance(now, out);
}

}  // namespace kentongan::anomaly
