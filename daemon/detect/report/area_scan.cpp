#include "daemon/detect/report/area_scan.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace kentongan::report {

namespace {

/// Below it one area alone does as well by chance more often than once in a thousand (2 LLR is
/// about chi-squared with one degree of freedom), so many areas need not be tried.
constexpr double kLeastRatio = 4;

/// SplitMix64 (Steele, Lea and Flood 2014).
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    double below(double bound) {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53 * bound;
    }

  private:
    std::uint64_t state_;
};

}  // namespace

AreaScan::AreaScan(std::vector<Population> areas, std::uint64_t seed)
    : areas_(std::move(areas)), seed_(seed) {
    std::erase_if(areas_, [](const Population& area) { return !(area.weight > 0); });
    std::ranges::sort(areas_, {}, &Population::code);
    double sum = 0;
    for (const Population& area : areas_) cumulated_.push_back(sum += area.weight);
}

std::optional<AreaScan::Excess> AreaScan::add(Timestamp time, const std::string& kelurahan,
                                              std::uint64_t sender, std::uint64_t text) {
    forget(time);
    const auto index = index_of(kelurahan);
    if (!index) return std::nullopt;
    Area& area = now_[*index];
    if (area.senders.contains(sender) || area.texts.contains(text)) return std::nullopt;
    area.senders.insert(sender);
    area.texts.insert(text);
    window_.push_back({time, *index, sender, text});
    const std::size_t reports = area.senders.size();
    const std::size_t all = window_.size();
    if (reports < kReporters || (area.told != 0 && reports < 2 * area.told)) return std::nullopt;
    const double ratio = ratio_of(*index, reports, all);
    if (ratio < kLeastRatio || !is_beyond_chance(*index, ratio, all)) return std::nullopt;
    area.told = reports;
    const double expected = static_cast<double>(all) * areas_[*index].weight / cumulated_.back();
    return Excess{&areas_[*index], reports, expected, ratio, all};
}

void AreaScan::forget(Timestamp now) {
    while (!window_.empty() && window_.front().time + kWindow <= now) drop_oldest();
    if (window_.size() < kReports) return;
    ++evicted_;
    drop_oldest();
}

void AreaScan::drop_oldest() {
    const Counted& oldest = window_.front();
    if (const auto found = now_.find(oldest.area); found != now_.end()) {
        found->second.senders.erase(oldest.sender);
        found->second.texts.erase(oldest.text);
        if (found->second.senders.empty()) now_.erase(found);
    }
    window_.pop_front();
}

std::optional<std::size_t> AreaScan::index_of(const std::string& kelurahan) const {
    const auto found = std::ranges::lower_bound(areas_, kelurahan, {}, &Population::code);
    if (found == areas_.end() || found->code != kelurahan) return std::nullopt;
    return static_cast<std::size_t>(found - areas_.begin());
}

double AreaScan::ratio_of(std::size_t area, std::size_t reports, std::size_t all) const {
    const double c = static_cast<double>(reports);
    const double total = static_cast<double>(all);
    const double e = total * areas_[area].weight / cumulated_.back();
    if (c <= e) return 0;
    const double inside = c * std::log(c / e);
    return reports == all ? inside : inside + (total - c) * std::log((total - c) / (total - e));
}

/// The first spread that does as well by chance ends it: only a real excess costs all of them.
bool AreaScan::is_beyond_chance(std::size_t area, double ratio, std::size_t all) const {
    Random random{seed_ ^ (area * 0x9E3779B97F4A7C15u) ^ all};
    std::unordered_map<std::size_t, std::size_t> counts;
    for (std::size_t spread = 0; spread < kSpreads; ++spread) {
        counts.clear();
        for (std::size_t i = 0; i < all; ++i) {
            const double at = random.below(cumulated_.back());
            const auto found = std::ranges::upper_bound(cumulated_, at);
            ++counts[static_cast<std::size_t>(found - cumulated_.begin())];
        }
        for (const auto& [which, count] : counts)
            if (count > 1 && ratio_of(which, count, all) >= ratio) return false;
    }
    return true;
}

}  // namespace kentongan::report
