#pragma once
// The uploads of each area in bins: by the minute for provinces and all of the register, by five
// minutes for provinces, kabupaten and kecamatan.
#include <memory>
#include <vector>

#include "daemon/base/time.hpp"
#include "daemon/detect/sirekap/coverage.hpp"
#include "daemon/detect/sirekap/flow.hpp"

namespace kentongan::sirekap {

/// One thread. 260 bytes for each of about 8,000 areas of the whole country.
class UploadFlows {
  public:
    static constexpr std::uint32_t kWhole = Coverage::kWhole;

    explicit UploadFlows(std::shared_ptr<const Register> list);

    void take(std::uint32_t tps_index);

    /// Closes the bins that ended before `now`, calling minute_is_over(Timestamp end) after each
    /// minute and five_are_over(end) after each five. Days without a call are left out.
    template <class Minute, class Five>
    void advance(Timestamp now, Minute&& minute_is_over, Five&& five_are_over);

    /// kWhole, when there is more than one province, then the provinces.
    [[nodiscard]] const std::vector<std::uint32_t>& minute_areas() const { return minute_areas_; }
    [[nodiscard]] const Flow& minutes_of(std::uint32_t area) const { return minutes_[place(area)]; }
    /// Not for kWhole or a kelurahan.
    [[nodiscard]] const Flow& fives_of(std::uint32_t area) const { return fives_[place(area)]; }

  private:
    static constexpr auto kLongestGap = std::chrono::hours{48};

    static void close(std::vector<Flow>& flows, std::vector<std::uint32_t>& counts);
    [[nodiscard]] std::size_t place(std::uint32_t area) const {
        return area == kWhole ? 0 : place_[area];
    }

    std::shared_ptr<const Register> list_;
    std::vector<std::uint32_t> minute_areas_;
    std::vector<std::uint32_t> place_;          // of an area in minutes_ (provinces) and in fives_
    std::vector<Flow> minutes_;                 // of kWhole, then of provinces
    std::vector<Flow> fives_;                   // the same places; then kabupaten and kecamatan
    std::vector<std::uint32_t> minute_counts_;  // of the bins at hand, close together
    std::vector<std::uint32_t> five_counts_;
    Timestamp minute_{};  // end of the minute at hand
};

template <class Minute, class Five>
void UploadFlows::advance(Timestamp now, Minute&& minute_is_over, Five&& five_are_over) {
    constexpr auto kMinute = std::chrono::minutes{1};
    if (minute_ == Timestamp{} || now - minute_ > kLongestGap)
        minute_ = std::chrono::floor<std::chrono::minutes>(now) + kMinute;
    for (; minute_ <= now; minute_ += kMinute) {
        close(minutes_, minute_counts_);
        minute_is_over(minute_);
        if (minute_.time_since_epoch() % std::chrono::minutes{5} != Duration{0}) continue;
        close(fives_, five_counts_);
        five_are_over(minute_);
    }
}

}  // namespace kentongan::sirekap
