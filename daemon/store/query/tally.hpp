#pragma once
// Groups and histograms: what is counted while matches go by, within bounds.
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/store/query/expression.hpp"

namespace kentongan::query {

/// The values of a field, the largest count first.
struct Groups {
    struct Group {
        std::string value;
        std::uint64_t count = 0;
    };
    std::vector<Group> top{};
    std::uint64_t others = 0;   ///< counted for values that are not in `top`
    std::uint64_t without = 0;  ///< alerts that have no value
    bool cut = false;           ///< more values than are kept: some are only in `others`
};

class GroupTally {
  public:
    static constexpr std::size_t kMaximumValues = 50'000;
    void add(const std::string& value, std::uint64_t count);
    void add_without(std::uint64_t count) { without_ += count; }
    [[nodiscard]] Groups groups(std::size_t top) const;

  private:
    std::unordered_map<std::string, std::uint64_t> counts_;
    std::uint64_t others_ = 0;
    std::uint64_t without_ = 0;
};

struct Histogram {
    struct Bar {
        Timestamp begin{};
        std::uint64_t count = 0;
    };
    Duration interval{};
    std::vector<Bar> bars{};  ///< without gaps, from the first to the last that is not empty
};

class HistogramTally {
  public:
    static constexpr std::size_t kMaximumBars = 1000;
    HistogramTally() = default;
    explicit HistogramTally(Duration interval) : interval_(interval) {}
    /// False: beyond kMaximumBars from the others; it is not counted.
    bool add(std::int64_t first_seen, std::uint64_t count);
    [[nodiscard]] Histogram histogram() const;
    /// Why bars are missing.
    [[nodiscard]] static std::string too_wide();

  private:
    Duration interval_{std::chrono::hours{1}};
    std::map<std::int64_t, std::uint64_t> bars_;
};

/// The smallest usual interval that covers the window with at most 60 bars.
[[nodiscard]] Duration chosen_interval(std::int64_t low, std::int64_t high);
/// "90s", "5m", "1h", "1d", "1w"; nothing for anything else, or for less than a second.
[[nodiscard]] std::optional<Duration> parse_interval(std::string_view text);
[[nodiscard]] std::string interval_text(Duration interval);

}  // namespace kentongan::query
