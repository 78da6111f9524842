#include "daemon/detect/sirekap/risk_watch.hpp"

#include <fmt/format.h>

#include <cmath>

#include "daemon/detect/sirekap/area_words.hpp"
#include "daemon/detect/sirekap/rules.hpp"

namespace kentongan::sirekap {

namespace {
constexpr auto kEvery = std::chrono::minutes{30};
constexpr auto kFirst = std::chrono::hours{3};  // after close
constexpr double kFarOff = 0.2;                 // of its TPS: medium
}  // namespace

RiskWatch::RiskWatch(std::shared_ptr<const Coverage> coverage, Election election)
    : coverage_(std::move(coverage)), election_(std::move(election)) {}

void RiskWatch::advance(Timestamp now, FindingSink& out) {
    if (now < next_) return;
    const bool begun = next_ != Timestamp{};
    next_ = std::chrono::floor<std::chrono::minutes>(now) + kEvery;
    if (begun) look(now, out);
}

void RiskWatch::look(Timestamp now, FindingSink& out) {
    for (const AreaCoverage& province : coverage_->snapshot(2)) {
        if (now < election_.close_of(province.code) + kFirst ||
            now > election_.target_of(province.code) || province.received == 0)
            continue;
        const auto report = coverage_report(*coverage_, election_, province.code);
        const bool whole = judge(report->whole, now, false, out);
        for (const CoverageRow& row : report->rows) judge(row, now, whole, out);
    }
}

bool RiskWatch::judge(const CoverageRow& row, Timestamp now, bool spoken_for, FindingSink& out) {
    const bool risk = row.flag == "at risk";
    bool& told = at_risk_[row.area.code];
    if (!row.outlook || risk == told || (risk && spoken_for)) return risk;
    told = risk;
    const auto expected = static_cast<double>(row.area.expected);
    const double gap = std::ceil(row.target_share * expected) - row.outlook->share * expected;
    Finding finding;
    finding.rule = coverage_at_risk_rule();
    finding.time = now;
    finding.entity = row.area.code;
    finding.subject.area = row.area.code;
    finding.severity = !risk                       ? Severity::info
                       : gap >= kFarOff * expected ? Severity::medium
                                                   : Severity::low;
    const auto* area = coverage_->list().area(row.area.code);
    finding.message = fmt::format(
        "{}: {} of {} TPS have uploaded; by {} {:.0f} % ({:.0f} to {:.0f} %) will have, where the "
        "target is {:.0f} %{}",
        area_words(coverage_->list(),
                   static_cast<std::uint32_t>(area - coverage_->list().areas().data())),
        row.area.received, row.area.expected, local_words(row.target, row.area.code, true),
        100 * row.outlook->share, 100 * row.outlook->low, 100 * row.outlook->high,
        100 * row.target_share,
        risk ? fmt::format(": {:.0f} TPS would be missing", gap) : ": no longer at risk");
    out.report(std::move(finding));
    return risk;
}

}  // namespace kentongan::sirekap
