#pragma once
// Judges the numbers of each TPS's form, and after each hour those of areas.
#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/election.hpp"
#include "daemon/detect/sirekap/numbers/area_tests.hpp"
#include "daemon/detect/sirekap/numbers/arithmetic.hpp"

namespace kentongan::sirekap::numbers {

/// Wants the published documents of TPS, and takes records of other sources with take().
///
/// A single fault is a work item: with the Pemilu's readers of handwriting one TPS of eight has
/// one. How severe it is, the election says; VR1, VR2 and VR5 never broke in the Pilkada's real
/// data, of the others no rate is known there, so they are low at most.
class NumbersDetector final : public Detector {
  public:
    static constexpr Duration kBatch = std::chrono::hours{1};  ///< between tests on areas
    static constexpr std::size_t kRaces = 16;

    explicit NumbersDetector(Election election, std::size_t tps_capacity = 900'000);

    [[nodiscard]] std::string_view name() const override { return "sirekap.numbers"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::published; }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    void end_of_input(FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override;
    [[nodiscard]] std::span<const Count> counts() const override { return counts_; }

    /// The numbers of a TPS as `event` tells them.
    void take(const TpsRecord& record, const Event& event, FindingSink& out);

  private:
    void test_areas(FindingSink& out);
    void tell(const std::string& race, const AreaResult& result, FindingSink& out);
    [[nodiscard]] Severity severity_of(const std::vector<Fault>& faults) const;

    Election election_;
    std::size_t tps_capacity_;
    std::map<std::string, TpsTable> races_;
    std::set<std::string> told_;  // results that hold: they are told once
    bool changed_ = false;        // since the last tests
    Timestamp now_{};
    Timestamp due_{};
    /// records, those with both parts, those with a fault, and by rule
    std::array<Count, 3 + kArithmeticRules> counts_{{{"records", 0},
                                                     {"judged", 0},
                                                     {"faulty", 0},
                                                     {"VR1", 0},
                                                     {"VR2", 0},
                                                     {"VR3", 0},
                                                     {"VR4", 0},
                                                     {"VR5", 0},
                                                     {"VR6", 0}}};
};

}  // namespace kentongan::sirekap::numbers
