#pragma once
// Tells when the rate of uploads of a kabupaten or province shifts, and when a few senders make it
// surge (R03).
#include <array>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/anomaly/series/cusum.hpp"
#include "daemon/detect/sirekap/stall_watch.hpp"
#include "daemon/detect/sirekap/upload_flows.hpp"

namespace kentongan::sirekap {

/// Bins of five minutes, as Anscombe residuals 2(√(x+⅜) − √(e+⅜)) against the hour before, divided
/// by the dispersion of that hour, through a two-sided cumulative sum (drift ½, limit 8). A shift
/// is told when the last quarter of an hour is twice or half of what was usual: info, for phones
/// that were out of reach come back all at once. It is a surge when a bin holds 50 uploads, three
/// times the usual, from fewer than five accounts or devices.
class ShiftWatch {
  public:
    explicit ShiftWatch(std::shared_ptr<const Register> list);

    /// An upload of a TPS, from whom; empty when it is not known.
    void take(std::uint32_t tps_index, std::string_view account, std::string_view device);
    void five_are_over(Timestamp now, const UploadFlows& flows, const StallWatch& stalls,
                       FindingSink& out);

  private:
    static constexpr std::size_t kFew = 5;
    /// Up to five distinct senders of a bin.
    struct Distinct {
        std::array<std::uint64_t, kFew> hashes{};
        std::size_t count = 0;
        void add(std::uint64_t hash);
        [[nodiscard]] bool is_few() const { return count > 0 && count < kFew; }
    };
    struct Senders {
        Distinct accounts;
        Distinct devices;
        [[nodiscard]] bool are_few() const { return accounts.is_few() || devices.is_few(); }
    };
    struct Area {
        std::uint32_t area = 0;
        anomaly::Cusum sum{0.5, 8};
        Senders senders;
    };

    void judge(Area& one, Timestamp now, const UploadFlows& flows, const StallWatch& stalls,
               FindingSink& out) const;

    std::shared_ptr<const Register> list_;
    std::vector<Area> areas_;              // provinces and kabupaten
    std::vector<std::uint32_t> place_of_;  // of an area in areas_
};

}  // namespace kentongan::sirekap
