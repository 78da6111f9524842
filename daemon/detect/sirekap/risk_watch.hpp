#pragma once
// Tells which kabupaten will hardly have uploaded in time (R01).
#include <map>
#include <memory>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/sirekap/coverage_report.hpp"

namespace kentongan::sirekap {

/// Looks each half hour, from four hours after the close of the polls until the target time, at
/// provinces and at kabupaten, islands and the Papuan provinces by their own targets. An area at
/// risk is told once, and again when it no longer is. A province at risk speaks for its kabupaten.
class RiskWatch {
  public:
    RiskWatch(std::shared_ptr<const Coverage> coverage, Election election);

    void advance(Timestamp now, FindingSink& out);

  private:
    void look(Timestamp now, FindingSink& out);
    /// Whether the area is at risk now.
    bool judge(const CoverageRow& row, Timestamp now, bool spoken_for, FindingSink& out);

    std::shared_ptr<const Coverage> coverage_;
    Election election_;
    Timestamp next_{};
    std::map<std::string, bool> at_risk_;  // told of, by code
};

}  // namespace kentongan::sirekap
