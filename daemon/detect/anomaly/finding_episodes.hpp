#pragma once
// Episodes whose newest finding is what is told again: for detectors whose findings are complete.
#include <string>
#include <utility>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/anomaly/episodes.hpp"

namespace kentongan::anomaly {

/// One episode for each entity of a finding: told at once, then every ten seconds with a count.
class FindingEpisodes {
    static auto reporting_to(FindingSink& out) {
        return [&out](const std::string&, Timestamp time, Finding finding, std::uint64_t count) {
            finding.time = time;
            finding.count = count;
            out.report(std::move(finding));
        };
    }

  public:
    /// Findings are large, so at most 4,096 episodes go on at once.
    FindingEpisodes(std::int64_t capacity, Duration quiet, std::uint64_t seed)
        : episodes_(std::min<std::int64_t>(capacity, 4096), quiet, seed) {}

    void tell(Finding finding, FindingSink& out) {
        const std::string entity = finding.entity;
        const Timestamp time = finding.time;
        const std::uint64_t count = finding.count;
        episodes_.note(entity, time, finding, count, reporting_to(out));
    }
    void advance(Timestamp now, FindingSink& out) { episodes_.advance(now, reporting_to(out)); }
    [[nodiscard]] bool ongoing(const std::string& entity) { return episodes_.ongoing(entity); }
    [[nodiscard]] std::uint64_t evicted() const { return episodes_.evicted(); }

  private:
    Episodes<std::string, Finding> episodes_;
};

}  // namespace kentongan::anomaly
