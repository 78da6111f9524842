#include "daemon/store/query/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"
#include "daemon/store/query/parse.hpp"

namespace kentongan::query {

namespace {

using namespace std::chrono;

/// Bars begin where days do in the election's zone; weeks on Monday.
constexpr std::int64_t kShift = (kElectionZone.count() - std::int64_t{4} * 86400) * 1'000'000'000;

std::int64_t bar_of(std::int64_t at, std::int64_t interval) {
    const std::int64_t local = at + kShift;
    const std::int64_t down = local % interval < 0 ? 1 : 0;
    return local / interval - down;
}

}  // namespace

void GroupTally::add(const std::string& value, std::uint64_t count) {
    if (const auto known = counts_.find(value); known != counts_.end())
        known->second += count;
    else if (counts_.size() < kMaximumValues)
        counts_.emplace(value, count);
    else
        others_ += count;
}

Groups GroupTally::groups(std::size_t top) const {
    Groups out;
    out.without = without_;
    out.others = others_;
    out.cut = others_ > 0;
    for (const auto& [value, count] : counts_) out.top.push_back({value, count});
    std::ranges::sort(out.top, [](const auto& a, const auto& b) {
        return a.count != b.count ? a.count > b.count : a.value < b.value;
    });
    while (out.top.size() > top) {
        out.others += out.top.back().count;
        out.top.pop_back();
    }
    return out;
}

bool HistogramTally::add(std::int64_t first_seen, std::uint64_t count) {
    const std::int64_t bar = bar_of(first_seen, interval_.count());
    if (!bars_.empty()) {
        const std::int64_t low = std::min(bars_.begin()->first, bar);
        const std::int64_t high = std::max(bars_.rbegin()->first, bar);
        if (high - low >= static_cast<std::int64_t>(kMaximumBars)) return false;
    }
    bars_[bar] += count;
    return true;
}

Histogram HistogramTally::histogram() const {
    Histogram out{interval_, {}};
    if (bars_.empty()) return out;
    for (std::int64_t bar = bars_.begin()->first; bar <= bars_.rbegin()->first; ++bar) {
        const auto found = bars_.find(bar);
        out.bars.push_back({from_nanoseconds(bar * interval_.count() - kShift),
                            found == bars_.end() ? 0 : found->second});
    }
    return out;
}

std::string HistogramTally::too_wide() {
    return fmt::format("more than {} bars; ask for a longer interval or for less time",
                       kMaximumBars);
}

Duration chosen_interval(std::int64_t low, std::int64_t high) {
    constexpr std::array<seconds, 14> kUsual{
        seconds{1}, seconds{10}, minutes{1}, minutes{5}, minutes{10}, minutes{15}, minutes{30},
        hours{1},   hours{3},    hours{6},   hours{12},  hours{24},   hours{168},  hours{168 * 4}};
    for (const Duration usual : kUsual)
        if ((high - 1) / usual.count() - low / usual.count() < 60) return usual;
    return hours{168 * 52};
}

std::optional<Duration> parse_interval(std::string_view text) {
    constexpr std::string_view kUnits = "smhdw";
    constexpr std::array<std::int64_t, 5> kSeconds{1, 60, 3600, 86400, 604'800};
    if (text.size() < 2) return std::nullopt;
    const auto unit = kUnits.find(text.back());
    const auto number = parse_number<std::int64_t>(text.substr(0, text.size() - 1));
    if (unit == std::string_view::npos || !number || *number < 1 || *number > 100'000)
        return std::nullopt;
    return seconds{*number * kSeconds[unit]};
}

std::string interval_text(Duration interval) {
    const auto all = duration_cast<seconds>(interval).count();
    constexpr std::array<std::pair<std::int64_t, char>, 4> kUnits{
        {{604'800, 'w'}, {86400, 'd'}, {3600, 'h'}, {60, 'm'}}};
    for (const auto& [unit, letter] : kUnits)
        if (all >= unit && all % unit == 0) return fmt::format("{}{}", all / unit, letter);
    return fmt::format("{}s", all);
}

}  // namespace kentongan::query
