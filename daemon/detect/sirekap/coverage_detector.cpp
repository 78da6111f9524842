// Steps of coverage by kecamatan.
#include "daemon/detect/sirekap/coverage_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/detect/sirekap/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::sirekap {

CoverageDetector::CoverageDetector(std::shared_ptr<Coverage> coverage, std::int64_t step_percent)
    : coverage_(std::move(coverage)),
      step_percent_(static_cast<std::uint64_t>(std::clamp<std::int64_t>(step_percent, 1, 100))) {}

void CoverageDetector::inspect(const Event& event, FindingSink& out) {
    if (event.text(Field::event_outcome) == "failure") return;
    const std::string text = event.get(Field::sirekap_tps).to_string();
    const auto code = TpsCode::parse(text);
    const auto index = code ? coverage_->list().index_of(*code) : std::nullopt;
    if (!index || !coverage_->receive(*index)) return;
    changed_ = true;

    const auto kecamatan = coverage_->of(std::string_view{text}.substr(0, 6));
    const auto steps = [&](std::uint64_t received) {
        return received * 100 / kecamatan->expected / step_percent_;
    };
    const bool complete = kecamatan->received == kecamatan->expected;
    if (complete || steps(kecamatan->received) > steps(kecamatan->received - 1))
        tell(event, *kecamatan, out);
}

std::optional<std::string> CoverageDetector::checkpoint() {
    if (!std::exchange(changed_, false)) return std::nullopt;
    return coverage_->save();
}

Result<> CoverageDetector::restore(std::string_view state) { return coverage_->restore(state); }

void CoverageDetector::tell(const Event& event, const AreaCoverage& kecamatan,
                            FindingSink& out) const {
    const std::uint64_t percent = std::uint64_t{kecamatan.received} * 100 / kecamatan.expected;
    Finding finding;
    finding.rule = coverage_rule();
    finding.time = event.time;
    finding.entity = kecamatan.code;
    finding.subject.area = kecamatan.code;
    finding.message = fmt::format("Kecamatan {}{}{}: {} of {} TPS have uploaded ({} %{})",
                                  kecamatan.code, kecamatan.name.empty() ? "" : " ", kecamatan.name,
                                  kecamatan.received, kecamatan.expected, percent,
                                  kecamatan.received == kecamatan.expected ? ", complete" : "");
    Evidence evidence = evidence_of(event);
    evidence.kind = "aggregate";
    evidence.excerpt = finding.message;
    finding.evidence.push_back(std::move(evidence));
    out.report(std::move(finding));
}

}  // namespace kentongan::sirekap
