// Pages, counters and the series of the last hours.
#include "daemon/detect/sirekap/coverage.hpp"

#include <algorithm>

namespace kentongan::sirekap {

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

std::uint32_t seconds_of(Timestamp time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 1, UINT32_MAX));
}

/// There is one writer, so no locked instruction is needed.
template <class Number>
void increase(std::atomic<Number>& number) {
    number.store(static_cast<Number>(number.load(kRelaxed) + 1), kRelaxed);
}

}  // namespace

Coverage::Coverage(std::shared_ptr<const Register> list, int pages)
    : list_(std::move(list)),
      pages_(std::clamp(pages, 1, 32)),
      fingerprint_(list_->fingerprint()),
      first_(list_->size()),
      page_(list_->size() * static_cast<std::size_t>(pages_)),
      again_(page_.size()),
      counters_(list_->areas().size() + 1),
      series_of_(list_->areas().size() + 1, Register::kNone) {
    std::uint32_t series = 0;
    for (std::size_t i = 0; i < series_of_.size(); ++i)
        if (i == list_->areas().size() || list_->areas()[i].code.size() < 10)
            series_of_[i] = series++;
    series_ = std::vector<Series>(series);
}

Coverage::Outcome Coverage::receive(std::uint32_t tps_index, int page, Timestamp time) {
    Outcome out;
    if (tps_index >= list_->size()) return out;
    const std::uint32_t second = seconds_of(time);
    auto& first = first_[tps_index];
    out.first = first.load(kRelaxed) == 0;
    if (out.first || second < first.load(kRelaxed)) first.store(second, kRelaxed);
    bool again = page == 0 && !out.first;
    if (page >= 1 && page <= pages_) {
        const auto at =
            tps_index * static_cast<std::size_t>(pages_) + static_cast<std::size_t>(page - 1);
        out.new_page = page_[at].first == 0;
        again = !out.new_page;
        if (out.new_page)
            page_[at] = {second, second};
        else
            page_[at] = {std::min(page_[at].first, second), std::max(page_[at].last, second)};
        if (again && again_[at] != UINT8_MAX) ++again_[at];
        out.complete = out.new_page && is_complete(tps_index);
    }
    add(tps_index, out, again, second);
    return out;
}

bool Coverage::is_complete(std::uint32_t tps_index) const {
    const auto pages = static_cast<std::size_t>(pages_);
    for (std::size_t i = 0; i < pages; ++i)
        if (page_[tps_index * pages + i].first == 0) return false;
    return true;
}

void Coverage::add(std::uint32_t tps_index, const Outcome& outcome, bool again,
                   std::uint32_t second) {
    const auto whole = static_cast<std::uint32_t>(list_->areas().size());
    for (std::uint32_t area = list_->kelurahan_of(tps_index);; area = list_->parent_of(area)) {
        if (area == Register::kNone) area = whole;
        Counters& counters = counters_[area];
        if (outcome.first) {
            increase(counters.received);
            count_first(area, second);
        }
        if (outcome.complete) increase(counters.complete);
        if (outcome.new_page) increase(counters.pages);
        if (again) increase(counters.again);
        if (area == whole) return;
    }
}

void Coverage::count_first(std::uint32_t area, std::uint32_t second) {
    if (series_of_[area] == Register::kNone) return;
    const std::uint32_t newest = bin_.load(kRelaxed);
    const std::uint32_t bin = std::min(second / kBinSeconds, newest);
    if (newest - bin < kBins) increase(series_[series_of_[area]][bin % kBins]);
}

void Coverage::advance(Timestamp now) {
    const std::uint32_t second = seconds_of(now);
    now_.store(second, kRelaxed);
    const std::uint32_t newest = bin_.load(kRelaxed);
    const std::uint32_t bin = second / kBinSeconds;
    if (bin <= newest) return;
    const std::uint32_t passed = std::min<std::uint32_t>(bin - newest, kBins);
    for (std::uint32_t i = 0; i < passed; ++i)
        for (Series& series : series_) series[(bin - i) % kBins].store(0, kRelaxed);
    bin_.store(bin, kRelaxed);
}

Timestamp Coverage::now() const { return Timestamp{std::chrono::seconds{now_.load(kRelaxed)}}; }

AreaCoverage Coverage::numbers_of(std::uint32_t area) const {
    AreaCoverage out;
    const bool whole = area == kWhole;
    if (whole) area = static_cast<std::uint32_t>(list_->areas().size());
    out.expected = whole ? static_cast<std::uint32_t>(list_->size()) : list_->areas()[area].tps();
    const Counters& counters = counters_[area];
    out.received = counters.received.load(kRelaxed);
    out.complete = counters.complete.load(kRelaxed);
    out.pages = counters.pages.load(kRelaxed);
    out.again = counters.again.load(kRelaxed);
    return out;
}

AreaCoverage Coverage::at(std::uint32_t area) const {
    AreaCoverage out = numbers_of(area);
    if (area == kWhole) return out;
    out.code = list_->areas()[area].code;
    out.name = list_->areas()[area].name;
    return out;
}

std::optional<AreaCoverage> Coverage::of(std::string_view area_code) const {
    const auto* area = list_->area(area_code);
    if (area == nullptr) return std::nullopt;
    return at(static_cast<std::uint32_t>(area - list_->areas().data()));
}

std::vector<AreaCoverage> Coverage::snapshot(std::size_t code_length,
                                             std::string_view within) const {
    std::vector<AreaCoverage> out;
    for (const std::uint32_t area : list_->level(code_length, within)) out.push_back(at(area));
    return out;
}

std::optional<std::uint32_t> Coverage::recent(std::uint32_t area, std::size_t bins) const {
    if (area == kWhole) area = static_cast<std::uint32_t>(list_->areas().size());
    if (series_of_[area] == Register::kNone) return std::nullopt;
    const Series& series = series_[series_of_[area]];
    const std::uint32_t newest = bin_.load(kRelaxed);
    std::uint32_t out = 0;
    for (std::uint32_t i = 0; i < std::min(bins, kBins) && i <= newest; ++i)
        out += series[(newest - i) % kBins].load(kRelaxed);
    return out;
}

std::uint32_t Coverage::received_by(std::uint32_t area, Timestamp time) const {
    const std::uint32_t second = seconds_of(time);
    const bool whole = area == kWhole;
    const std::uint32_t begin = whole ? 0 : list_->areas()[area].begin;
    const auto end = whole ? static_cast<std::uint32_t>(list_->size()) : list_->areas()[area].end;
    std::uint32_t out = 0;
    for (std::uint32_t i = begin; i < end; ++i) {
        const std::uint32_t first = first_[i].load(kRelaxed);
        out += first != 0 && first <= second ? 1 : 0;
    }
    return out;
}

std::optional<Timestamp> Coverage::first_of(std::uint32_t tps_index) const {
    const std::uint32_t first = first_[tps_index].load(kRelaxed);
    if (first == 0) return std::nullopt;
    return Timestamp{} + std::chrono::seconds{first};
}

}  // namespace kentongan::sirekap
