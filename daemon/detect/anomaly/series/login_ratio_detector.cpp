// One share a minute.
#include "daemon/detect/anomaly/series/login_ratio_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/anomaly/series/words.hpp"

namespace kentongan::anomaly {

namespace {

constexpr std::uint64_t kLeastLogins = 20;
constexpr double kLeastRise = 0.1;
constexpr double kLeastDeviation = 0.02;
constexpr Duration kQuiet = std::chrono::minutes{10};

}  // namespace

LoginRatioDetector::LoginRatioDetector(const AnomalyOptions& options)
    : bins_(std::chrono::seconds{std::max<std::int64_t>(options.series_bin_seconds, 1)}),
      share_({.limit = options.login_failure_z, .least_deviation = kLeastDeviation}) {}

void LoginRatioDetector::tune(const AnomalyOptions& options) {
    share_.alarm_above(options.login_failure_z);
}

void LoginRatioDetector::inspect(const LogSecond& second, FindingSink& out) {
    if (second.logins_failed == 0 && second.logins_succeeded == 0) return;
    if (bins_.ends_with(second.second)) {
        close_bin(out);
        bins_.open(second.second);
    }
    if (bins_.is_late(second.second))
        counts_[0].total += second.logins_failed + second.logins_succeeded;
    if (bins_.is_lost(second.second)) return;
    failed_ += second.logins_failed;
    succeeded_ += second.logins_succeeded;
    if (second.logins_failed >= most_) {
        most_ = second.logins_failed;
        log_ = second.source;
    }
}

void LoginRatioDetector::advance(Timestamp now, FindingSink& out) {
    if (bins_.over(now)) close_bin(out);
}

void LoginRatioDetector::close_bin(FindingSink& out) {
    const std::uint64_t failed = std::exchange(failed_, 0);
    const std::uint64_t all = std::exchange(succeeded_, 0) + failed;
    most_ = 0;
    if (all < kLeastLogins) return;
    const double usual = share_.mean();
    const double share = static_cast<double>(failed) / static_cast<double>(all);
    const auto reading = share_.add(share);
    const Timestamp end = bins_.end();
    if (!reading.alarm || share < usual + kLeastRise) return;
    if (told_ != Timestamp::min() && end - told_ < kQuiet) return;
    told_ = end;
    Finding finding;
    finding.rule = login_ratio_rule();
    finding.time = end;
    finding.entity = "all logins";
    finding.count = failed;
    finding.message = fmt::format(
        "{} of {} logins failed in the {} to {}, {}; usually {} fail ({:.0f} standard deviations)",
        failed, all, spoken(bins_.step()), to_rfc3339(end, 0), spoken_share(share),
        spoken_share(usual), std::min(reading.z, 999.0));
    finding.evidence.push_back(aggregate_evidence(log_, bins_.begin(), finding.message));
    out.report(std::move(finding));
}

}  // namespace kentongan::anomaly
