#include "daemon/detect/sirekap/coverage_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/detect/sirekap/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::sirekap {

CoverageSteps::CoverageSteps(std::int64_t step_percent)
    : step_percent_(static_cast<std::uint64_t>(std::clamp<std::int64_t>(step_percent, 1, 100))) {}

void CoverageSteps::take(const Event& event, const AreaCoverage& kecamatan,
                         FindingSink& out) const {
    const auto percent = [&](std::uint32_t received) {
        return std::uint64_t{received} * 100 / kecamatan.expected;
    };
    const bool complete = kecamatan.received == kecamatan.expected;
    const bool steps = percent(kecamatan.received) / step_percent_ >
                       percent(kecamatan.received - 1) / step_percent_;
    if (!complete && !steps) return;
    Finding finding;
    finding.rule = coverage_rule();
    finding.time = event.time;
    finding.entity = kecamatan.code;
    finding.subject.area = kecamatan.code;
    finding.message =
        fmt::format("Kecamatan {}{}{}: {} of {} TPS have uploaded ({} %{})", kecamatan.code,
                    kecamatan.name.empty() ? "" : " ", kecamatan.name, kecamatan.received,
                    kecamatan.expected, percent(kecamatan.received), complete ? ", complete" : "");
    Evidence evidence = evidence_of(event);
    evidence.kind = "aggregate";
    evidence.excerpt = finding.message;
    finding.evidence.push_back(std::move(evidence));
    out.report(std::move(finding));
}

}  // namespace kentongan::sirekap
