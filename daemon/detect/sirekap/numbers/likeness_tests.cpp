// TPS that are too much alike, and TPS that are not like those around them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "daemon/detect/sirekap/numbers/area_tests.hpp"
#include "daemon/detect/sirekap/numbers/statistics.hpp"

namespace kentongan::sirekap::numbers {

namespace {

constexpr std::uint64_t kLeastVotes = 100;
constexpr std::size_t kLeastCandidates = 3;
constexpr double kChance = 0.005;
constexpr std::size_t kAround = 20;  // TPS of a kecamatan, least
constexpr double kDeviations = 6;
constexpr std::size_t kNamed = 5;

using Vectors = std::map<std::vector<std::uint32_t>, std::vector<TpsCode>>;

/// What chance makes of TPS drawn from one area: the sum of squares of a multinomial is about
/// 1/sqrt((4 pi n)^(k-1) prod p), that of the totals about 1/(2 sqrt(pi) sd).
class Chance {
  public:
    void add(const TpsState& state) {
        if (sums_.size() < state.votes.size()) sums_.resize(state.votes.size());
        for (std::size_t i = 0; i < state.votes.size(); ++i) sums_[i] += state.votes[i];
        const auto total = static_cast<double>(state.sum());
        total_ += total;
        squares_ += total * total;
        ++tps_;
    }
    [[nodiscard]] double expected_pairs() const {
        const double n = total_ / tps_;
        double product = 1;
        double candidates = 0;
        for (const double sum : sums_)
            if (sum > 0) {
                product *= sum / total_;
                ++candidates;
            }
        const double deviation = std::sqrt(std::max(squares_ / tps_ - n * n, 1.0));
        const double same_split =
            1 / std::sqrt(std::pow(4 * std::numbers::pi * n, candidates - 1) * product);
        const double same_total = 1 / (2 * std::sqrt(std::numbers::pi) * deviation);
        return tps_ * (tps_ - 1) / 2 * std::min(same_split * same_total, 1.0);
    }

  private:
    std::vector<double> sums_;
    double total_ = 0;
    double squares_ = 0;
    double tps_ = 0;
};

bool says_something(const TpsState& state) {
    const auto some = std::ranges::count_if(state.votes, [](auto votes) { return votes > 0; });
    return state.sum() >= kLeastVotes && some >= static_cast<std::ptrdiff_t>(kLeastCandidates);
}

template <class Iterator>
void look_for_equals(const std::string& area, Iterator begin, Iterator end, std::size_t least,
                     std::vector<AreaResult>& out) {
    Vectors vectors;
    Chance chance;
    for (; begin != end; ++begin) {
        if (!says_something(begin->second)) continue;
        vectors[begin->second.votes].push_back(begin->first);
        chance.add(begin->second);
    }
    std::uint64_t pairs = 0;
    std::uint64_t tps = 0;
    std::string named;
    for (const auto& [votes, codes] : vectors) {
        if (codes.size() < least) continue;
        pairs += codes.size() * (codes.size() - 1) / 2;
        tps += codes.size();
        if (named.empty())
            named = fmt::format("{} and {} have {} each", codes[0].to_string(),
                                codes[1].to_string(), fmt::join(votes, "/"));
    }
    if (pairs == 0) return;
    const double expected = chance.expected_pairs();
    if (poisson_upper_tail(pairs, expected) >= kChance) return;
    out.push_back({identical_vectors_rule(), area,
                   fmt::format("{} TPS have the same votes as another one: {}; chance makes {:.4f} "
                               "such pairs",
                               tps, named, expected),
                   tps});
}

/// Parts of wholes, and the beta-binomial that fits them (by the moments of Pearson's statistic).
class Proportions {
  public:
    void add(TpsCode code, std::uint64_t part, std::uint64_t whole) {
        if (whole == 0 || part > whole) return;
        all_.push_back({code, static_cast<double>(part), static_cast<double>(whole)});
    }
    /// Each is held against the others without it, so that it cannot hide behind itself.
    [[nodiscard]] std::vector<TpsCode> far_off() const {
        std::vector<TpsCode> out;
        double part = 0;
        double whole = 0;
        for (const One& one : all_) {
            part += one.part;
            whole += one.whole;
        }
        const double p = whole > 0 ? part / whole : 0;
        if (all_.size() < kAround || !(p > 0 && p < 1)) return out;
        const auto pearson_of = [p](const One& one) {
            return std::pow(one.part - one.whole * p, 2) / (one.whole * p * (1 - p));
        };
        double pearson = 0;
        for (const One& one : all_) pearson += pearson_of(one);
        const double more = whole - static_cast<double>(all_.size());
        for (const One& one : all_) {
            const double beyond = pearson - pearson_of(one) - static_cast<double>(all_.size() - 2);
            const double rho = std::clamp(beyond / std::max(more - one.whole + 1, 1.0), 0.0, 1.0);
            const double usual = (part - one.part) / (whole - one.whole);
            const double variance = one.whole * usual * (1 - usual) * (1 + (one.whole - 1) * rho);
            if (std::abs(one.part - one.whole * usual) >
                kDeviations * std::sqrt(std::max(variance, 1.0)))
                out.push_back(one.code);
        }
        return out;
    }

  private:
    struct One {
        TpsCode code;
        double part = 0;
        double whole = 0;
    };
    std::vector<One> all_;
};

}  // namespace

std::vector<AreaResult> identical_vectors(const TpsTable& table) {
    std::vector<AreaResult> out;
    table.each_area(10, [&](const std::string& area, auto begin, auto end) {
        look_for_equals(area, begin, end, 2, out);
    });
    table.each_area(6, [&](const std::string& area, auto begin, auto end) {
        look_for_equals(area, begin, end, 3, out);
    });
    return out;
}

std::vector<AreaResult> outliers(const TpsTable& table) {
    std::vector<AreaResult> out;
    table.each_area(6, [&](const std::string& area, auto begin, auto end) {
        std::set<TpsCode> far;
        for (std::size_t i = 0; i <= table.candidates().size(); ++i) {
            Proportions proportions;
            const bool turnout = i == table.candidates().size();
            for (auto it = begin; it != end; ++it) {
                const TpsState& state = it->second;
                if (turnout)
                    proportions.add(it->first, state.total, state.listed);
                else if (i < state.votes.size())
                    proportions.add(it->first, state.votes[i], state.sum());
            }
            for (const TpsCode code : proportions.far_off()) far.insert(code);
        }
        if (far.empty()) return;
        std::string named;
        for (const TpsCode code : far)
            if (std::distance(far.begin(), far.find(code)) < static_cast<std::ptrdiff_t>(kNamed))
                named += (named.empty() ? "" : ", ") + code.to_string();
        out.push_back({outlier_rule(), area,
                       fmt::format("{} TPS are more than {:.0f} standard deviations from those "
                                   "around them in votes or turnout: {}{}",
                                   far.size(), kDeviations, named, far.size() > kNamed ? " …" : ""),
                       far.size()});
    });
    return out;
}

}  // namespace kentongan::sirekap::numbers
