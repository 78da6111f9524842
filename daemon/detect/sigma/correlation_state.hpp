#pragma once
// One correlation at work: its windows, and what is to be told of them.
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/detect/sigma/correlation_finding.hpp"
#include "daemon/detect/sigma/evidence_ring.hpp"
#include "daemon/detect/sigma/windows.hpp"

namespace kentongan::sigma {

class CorrelationState {
  public:
    struct Counts {
        std::uint64_t late = 0;
        std::uint64_t ungrouped = 0;  ///< without an address or account to group by
        std::uint64_t no_value = 0;   ///< without the value to count, or no number
    };
    /// What came of a hit: a finding, and the hit that the correlation itself is to others.
    struct Report {
        Finding finding;
        std::shared_ptr<const Hit> hit;
        bool begins = true;  ///< false: more of what has been told
    };

    /// `index` in the set; both of the newest set that has this correlation.
    CorrelationState(std::shared_ptr<const CorrelationSet> set, std::uint32_t index,
                     Windows::Limits limits, std::uint64_t seed);
    /// The same correlation as a newer set has it.
    void move_to(std::shared_ptr<const CorrelationSet> set, std::uint32_t index);

    /// Counts a hit that came by `feed`. What is to be told then is in reports(): at once what
    /// begins; what goes on only at flush(), once for all hits since, unless others build on it.
    void take(const std::shared_ptr<const Hit>& hit, const Feed& feed, EvidenceRing& evidence);
    /// Where event time is when the state is made.
    void reach(Timestamp now) { windows_.reach(to_nanoseconds(now)); }
    /// Event time has reached `now`.
    void advance(Timestamp now, EvidenceRing& evidence);
    /// Decides every window that is still open.
    void finish(EvidenceRing& evidence);
    /// What is to be told since the last call, in order.
    [[nodiscard]] std::vector<Report> take_reports() { return std::exchange(reports_, {}); }

    [[nodiscard]] const Correlation& correlation() const { return set_->correlations()[index_]; }
    [[nodiscard]] const CorrelationNode& node() const {
        return set_->nodes()[set_->node_of_correlation(index_)];
    }
    [[nodiscard]] std::uint64_t evicted() const { return windows_.evicted(); }
    [[nodiscard]] const Counts& counts() const { return counts_; }
    [[nodiscard]] std::size_t memory() const { return windows_.memory(); }

  private:
    /// The newest hit of a group, with the way it came.
    struct Last {
        std::uint64_t key = 0;
        std::shared_ptr<const Hit> hit;
        Feed feed;
        std::uint64_t more = 0;
        std::uint64_t total = 0;
    };

    [[nodiscard]] std::optional<Windows::Sample> sample_of(const Hit& hit, const Feed& feed);
    [[nodiscard]] bool group_of(const Hit& hit, const Feed& feed, std::uint64_t& key);
    [[nodiscard]] bool value_of(const Hit& hit, const Feed& feed, Windows::Sample& out);
    void note(std::uint32_t group, const std::shared_ptr<const Hit>& hit, const Feed& feed);
    void fire(const Windows::Outcome& outcome, const std::shared_ptr<const Hit>& hit,
              const Feed& feed, const EvidenceRing& evidence);
    void go_on(std::uint32_t group, const std::shared_ptr<const Hit>& hit, const Feed& feed);
    void close(std::uint32_t group, const EvidenceRing& evidence);
    void flush();
    [[nodiscard]] std::shared_ptr<const Hit> own_hit(const Hit& last, const Feed& feed,
                                                     bool again) const;

    std::shared_ptr<const CorrelationSet> set_;
    std::uint32_t index_;
    std::uint64_t seed_;
    WindowPlan plan_;
    Windows windows_;
    std::vector<Last> pending_;  // groups that go on, to be told at flush()
    std::vector<Last> last_;     // by group, for deferred windows only
    std::vector<Report> reports_;
    Counts counts_;
};

}  // namespace kentongan::sigma
