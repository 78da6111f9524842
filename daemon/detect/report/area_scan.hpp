#pragma once
// AreaScan: Kulldorff's spatial scan statistic (1997) over kelurahan and the last six hours (C02).
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::report {

/// An area and how many reports it may be expected to give, relative to the others: its TPS.
struct Population {
    std::string code;  ///< ten characters
    std::string name;
    double weight = 0;
};

/// Counts independent reports only: in an area and window neither a sender nor a text counts twice.
/// With C reports in all and e of them expected in an area that gave c > e,
/// LLR = c ln(c/e) + (C-c) ln((C-c)/(C-e)); it is told when none of 1,999 random spreads of the C
/// reports over the areas has an area with as large an LLR, that is, p < .001. Deterministic for a
/// seed; event times; not thread-safe.
class AreaScan {
  public:
    static constexpr Duration kWindow = std::chrono::hours{6};
    static constexpr std::size_t kReporters = 8;  ///< at least
    static constexpr std::size_t kSpreads = 1999;
    static constexpr std::size_t kReports = 5000;  ///< in the window; the oldest go

    AreaScan(std::vector<Population> areas, std::uint64_t seed);

    struct Excess {
        const Population* area = nullptr;
        std::size_t reports = 0;
        double expected = 0;
        double ratio = 0;  ///< the LLR
        std::size_t all = 0;
    };
    /// What a report makes of its area; told anew when the area's reports have doubled.
    [[nodiscard]] std::optional<Excess> add(Timestamp time, const std::string& kelurahan,
                                            std::uint64_t sender, std::uint64_t text);
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    struct Area {
        std::set<std::uint64_t> senders;
        std::set<std::uint64_t> texts;
        std::size_t told = 0;
    };
    struct Counted {
        Timestamp time{};
        std::size_t area = 0;
        std::uint64_t sender = 0;
        std::uint64_t text = 0;
    };

    void forget(Timestamp now);
    void drop_oldest();
    [[nodiscard]] std::optional<std::size_t> index_of(const std::string& kelurahan) const;
    [[nodiscard]] double ratio_of(std::size_t area, std::size_t reports, std::size_t all) const;
    [[nodiscard]] bool is_beyond_chance(std::size_t area, double ratio, std::size_t all) const;

    std::vector<Population> areas_;    // by code
    std::vector<double> cumulated_;    // weights up to and with each
    std::map<std::size_t, Area> now_;  // those with reports in the window
    std::deque<Counted> window_;
    std::uint64_t seed_;
    std::uint64_t evicted_ = 0;
};

}  // namespace kentongan::report
