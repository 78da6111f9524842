// Faults, corrections and last digits of areas.
#include "daemon/detect/sirekap/numbers/area_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "daemon/detect/sirekap/numbers/arithmetic.hpp"
#include "daemon/detect/sirekap/numbers/statistics.hpp"

namespace kentongan::sirekap::numbers {

namespace {

constexpr std::uint64_t kJudged = 30;      // TPS of an area, least
constexpr std::uint64_t kElsewhere = 100;  // TPS to compare with, least
constexpr double kTimes = 1.5;
constexpr double kPoints = 0.05;
constexpr std::uint32_t kCorrected = 30;
constexpr double kMoved = 0.001;
constexpr std::uint32_t kDigitsFrom = 50;
constexpr std::uint64_t kDigits = 500;

constexpr unsigned kSums = 1u << static_cast<unsigned>(ArithmeticRule::votes) |
                           1u << static_cast<unsigned>(ArithmeticRule::total) |
                           1u << static_cast<unsigned>(ArithmeticRule::ballots);

struct Share {
    std::string area;
    std::uint64_t judged = 0;
    std::uint64_t failed = 0;
};

std::vector<Share> shares_of(const TpsTable& table) {
    std::vector<Share> out;
    table.each_area(4, [&](const std::string& area, auto begin, auto end) {
        Share share{area, 0, 0};
        for (; begin != end; ++begin)
            if (begin->second.complete) {
                ++share.judged;
                share.failed += (begin->second.faults & kSums) != 0 ? 1 : 0;
            }
        if (share.judged > 0) out.push_back(std::move(share));
    });
    return out;
}

double ratio(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// The results that hold at the false discovery rate among all that were tested.
std::vector<AreaResult> discoveries(const std::vector<double>& p, std::vector<AreaResult> results) {
    const auto rejected = benjamini_hochberg(p, kFalseDiscovery);
    std::vector<AreaResult> out;
    for (std::size_t i = 0; i < p.size(); ++i)
        if (rejected[i] && !results[i].what.empty()) out.push_back(std::move(results[i]));
    return out;
}

}  // namespace

std::vector<AreaResult> failure_shares(const TpsTable& table) {
    const auto shares = shares_of(table);
    std::uint64_t judged = 0;
    std::uint64_t failed = 0;
    for (const Share& share : shares) {
        judged += share.judged;
        failed += share.failed;
    }
    std::vector<double> p;
    std::vector<AreaResult> results;
    for (const Share& share : shares) {
        const std::uint64_t others = judged - share.judged;
        if (share.judged < kJudged || others < kElsewhere) continue;
        const double own = ratio(share.failed, share.judged);
        const double rest = ratio(failed - share.failed + 1, others + 2);
        AreaResult result{failure_share_rule(), share.area, "", share.failed};
        if (own >= kTimes * rest && own >= rest + kPoints)
            result.what = fmt::format(
                "{} of {} TPS ({:.1f} %) break VR1, VR2 or VR3; elsewhere "
                "{:.1f} % do",
                share.failed, share.judged, 100 * own, 100 * rest);
        p.push_back(binomial_upper_tail(share.judged, share.failed, rest));
        results.push_back(std::move(result));
    }
    return discoveries(p, std::move(results));
}

namespace {

/// How often corrections give more votes: in the middle one of all areas, so that one of them
/// cannot set the measure for the others.
double usual_share_up(const TpsTable& table) {
    std::vector<double> shares;
    for (const auto& [area, corrections] : table.corrections()) {
        std::uint64_t up = 0;
        std::uint64_t all = 0;
        for (const Corrections& one : corrections.candidates) {
            up += one.up;
            all += std::uint64_t{one.up} + one.down;
        }
        if (corrections.tps >= kCorrected) shares.push_back(ratio(up + 1, all + 2));
    }
    if (shares.empty()) return 0.5;
    // Of an even number the lower one of the two in the middle.
    const auto middle = shares.begin() + (std::ssize(shares) - 1) / 2;
    std::ranges::nth_element(shares, middle);
    return *middle;
}

std::uint64_t votes_of_area(const TpsTable& table, const std::string& area) {
    std::uint64_t out = 0;
    auto it = table.tps().lower_bound(TpsCode::parse(area + "0000000").value_or(TpsCode{}));
    for (; it != table.tps().end() && it->first.to_string().starts_with(area); ++it)
        out += it->second.sum();
    return out;
}

}  // namespace

std::vector<AreaResult> correction_biases(const TpsTable& table) {
    const double usual = usual_share_up(table);
    std::vector<double> p;
    std::vector<AreaResult> results;
    for (const auto& [area, corrections] : table.corrections()) {
        if (corrections.tps < kCorrected) continue;
        const auto votes = static_cast<double>(votes_of_area(table, area));
        for (std::size_t i = 0; i < corrections.candidates.size(); ++i) {
            const auto& [up, down, net] = corrections.candidates[i];
            AreaResult result{correction_bias_rule(), area, "", corrections.tps};
            if (votes > 0 && std::abs(static_cast<double>(net)) >= kMoved * votes)
                result.what = fmt::format(
                    "of {} corrected TPS {} gave candidate {} more votes and {} fewer, {:+} in "
                    "all; "
                    "usually {:.0f} % of corrections give more",
                    corrections.tps, up, table.candidates()[i], down, net, 100 * usual);
            p.push_back(binomial_two_sided(up + down, up, usual));
            results.push_back(std::move(result));
        }
    }
    return discoveries(p, std::move(results));
}

std::vector<AreaResult> last_digits(const TpsTable& table) {
    std::vector<double> p;
    std::vector<AreaResult> results;
    table.each_area(4, [&](const std::string& area, auto begin, auto end) {
        std::array<std::uint64_t, 10> digits{};
        std::uint64_t count = 0;
        std::uint64_t tps = 0;
        for (; begin != end; ++begin, ++tps)
            for (const std::uint32_t votes : begin->second.votes)
                if (votes >= kDigitsFrom) {
                    ++digits[votes % 10];
                    ++count;
                }
        if (count < kDigits) return;
        const double expected = static_cast<double>(count) / 10;
        double chi_square = 0;
        for (const std::uint64_t digit : digits)
            chi_square += std::pow(static_cast<double>(digit) - expected, 2) / expected;
        p.push_back(chi_square_upper_tail(chi_square, 9));
        results.push_back({last_digit_rule(), area,
                           fmt::format("the last digits of {} numbers are not evenly spread "
                                       "(chi-square {:.1f}, 9 degrees)",
                                       count, chi_square),
                           tps});
    });
    return discoveries(p, std::move(results));
}

}  // namespace kentongan::sirekap::numbers
