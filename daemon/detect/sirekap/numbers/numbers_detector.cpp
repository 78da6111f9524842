// From documents of TPS to work items and to results of areas.
#include "daemon/detect/sirekap/numbers/numbers_detector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/detect/sirekap/numbers/bounds.hpp"
#include "daemon/detect/sirekap/numbers/repair.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::sirekap::numbers {

namespace {

constexpr std::size_t kRecords = 0;
constexpr std::size_t kJudged = 1;
constexpr std::size_t kFaulty = 2;
constexpr std::size_t kFirstRule = 3;

Finding about(const RulePointer& rule, const TpsRecord& record, const Event& event,
              const std::string& what) {
    Finding out = finding_of(rule, event,
                             fmt::format("Inconsistency in Sirekap data: {} of TPS {}: {}",
                                         record.race, record.tps, what));
    out.entity = fmt::format("{} {}", record.race, record.tps);
    out.subject.tps = record.tps;
    out.subject.area = record.tps.substr(0, 6);
    return out;
}

/// A known rate of none in the Pilkada's real data.
bool never_broke(ArithmeticRule rule) {
    return rule == ArithmeticRule::votes || rule == ArithmeticRule::total ||
           rule == ArithmeticRule::listed;
}

}  // namespace

NumbersDetector::NumbersDetector(Election election, std::size_t tps_capacity)
    : election_(std::move(election)), tps_capacity_(tps_capacity) {}

void NumbersDetector::inspect(const Event& event, FindingSink& out) {
    now_ = std::max(now_, event.time);
    const std::string tps = event.get(Field::sirekap_node).to_string();
    if (tps.size() != kTpsLength || event.raw().empty()) return;
    const auto document = published::Document::parse(event.raw());
    if (!document || document->level != published::Document::Level::tps) return;
    take(record_of(*document, event.get(Field::sirekap_race).to_string(), tps), event, out);
}

void NumbersDetector::take(const TpsRecord& record, const Event& event, FindingSink& out) {
    ++counts_[kRecords].total;
    auto race = races_.find(record.race);
    if (race == races_.end()) {
        if (races_.size() >= kRaces || !TpsCode::parse(record.tps)) return;
        race = races_.emplace(record.race, TpsTable{tps_capacity_}).first;
    }
    const auto faults = record.complete() ? faults_of(record) : std::vector<Fault>{};
    const auto before = race->second.take(record, mask_of(faults));
    changed_ = true;
    for (const BoundFault& fault : bound_faults(record, election_)) {
        Finding finding = about(upper_bound_rule(), record, event, fault.what);
        // Where faults are readers' noise, so are numbers out of bounds.
        finding.severity = std::min(fault.severity, election_.arithmetic_fault);
        out.report(std::move(finding));
    }
    if (!record.complete()) return;
    ++counts_[kJudged].total;
    for (const Fault& fault : faults)
        ++counts_[kFirstRule + static_cast<std::size_t>(fault.rule)].total;
    if (faults.empty()) return;
    ++counts_[kFaulty].total;
    if (before == mask_of(faults)) return;  // told with an earlier version
    std::string what;
    for (const Fault& fault : faults) what += (what.empty() ? "" : "; ") + describe(fault);
    if (const auto repair = single_digit_repair(record)) what += "; " + describe(*repair);
    Finding finding = about(arithmetic_rule(), record, event, what);
    finding.severity = severity_of(faults);
    out.report(std::move(finding));
}

Severity NumbersDetector::severity_of(const std::vector<Fault>& faults) const {
    const bool strong = std::ranges::any_of(faults, never_broke, &Fault::rule);
    return strong ? election_.arithmetic_fault
                  : std::min(election_.arithmetic_fault, Severity::low);
}

void NumbersDetector::advance(Timestamp now, FindingSink& out) {
    now_ = std::max(now_, now);
    if (!changed_) return;
    if (due_ == Timestamp{}) due_ = now_ + kBatch;
    if (now_ < due_) return;
    test_areas(out);
}

void NumbersDetector::end_of_input(FindingSink& out) {
    if (changed_) test_areas(out);
}

void NumbersDetector::test_areas(FindingSink& out) {
    changed_ = false;
    due_ = {};
    std::set<std::string> hold;
    for (const auto& [race, table] : races_)
        for (const auto test :
             {failure_shares, correction_biases, identical_vectors, outliers, last_digits})
            for (const AreaResult& result : test(table)) {
                const std::string key = fmt::format("{} {} {}", result.rule->id, race, result.area);
                if (hold.insert(key).second && !told_.contains(key)) tell(race, result, out);
            }
    told_ = std::move(hold);
}

void NumbersDetector::tell(const std::string& race, const AreaResult& result, FindingSink& out) {
    Finding finding;
    finding.rule = result.rule;
    finding.time = now_;
    finding.entity = fmt::format("{} {}", race, result.area);
    finding.subject.area = result.area;
    finding.count = std::max<std::uint64_t>(result.tps, 1);
    finding.message =
        fmt::format("Inconsistency in Sirekap data: {} of {}: {}{}", race, result.area, result.what,
                    result.rule->advisory ? " (a statistic, which proves nothing)" : "");
    finding.evidence.push_back(
        {"aggregate", "sirekap.numbers", result.tps, sha256_hex(finding.message), finding.message});
    out.report(std::move(finding));
}

std::uint64_t NumbersDetector::evicted() const {
    std::uint64_t out = 0;
    for (const auto& [race, table] : races_) out += table.left_out();
    return out;
}

std::size_t NumbersDetector::entries() const {
    std::size_t out = 0;
    for (const auto& [race, table] : races_) out += table.tps().size();
    return out;
}

}  // namespace kentongan::sirekap::numbers
