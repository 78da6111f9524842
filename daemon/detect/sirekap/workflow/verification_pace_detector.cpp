#include "daemon/detect/sirekap/workflow/verification_pace_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kInARow = 5;
constexpr std::size_t kRegular = 20;  // gaps
constexpr std::size_t kMost = 450;
constexpr std::size_t kLooks = 64;
constexpr std::size_t kLooksKnown = 20;
constexpr Duration kShort = std::chrono::minutes{10};
constexpr Duration kHour = std::chrono::hours{1};

/// Whether these are so many, all within `window` of the newest.
bool full(std::deque<Timestamp>& times, Timestamp now, std::size_t count, Duration window) {
    times.push_back(now);
    if (times.size() > count) times.pop_front();
    return times.size() == count && now - times.front() <= window;
}

/// Standard deviation of the gaps over their mean; nothing when there are too few.
std::optional<double> variation(const std::deque<Timestamp>& times) {
    if (times.size() <= kRegular) return std::nullopt;
    double sum = 0;
    double squares = 0;
    for (std::size_t i = times.size() - kRegular; i < times.size(); ++i) {
        const double gap = to_seconds(times[i] - times[i - 1]);
        sum += gap;
        squares += gap * gap;
    }
    const double mean = sum / kRegular;
    if (mean <= 0) return 0.0;
    return std::sqrt(std::max(squares / kRegular - mean * mean, 0.0)) / mean;
}

}  // namespace

VerificationPaceDetector::VerificationPaceDetector(const WorkflowOptions& options)
    : per_hour_(
          static_cast<std::size_t>(std::clamp<std::int64_t>(options.verified_per_hour, 1, kMost))),
      quick_(options.quick_decision),
      regularity_(options.regularity),
      operators_(options.table_entries, kHour, options.seed) {}

void VerificationPaceDetector::inspect_act(const AppEvent& app, FindingSink& out) {
    if (app.account.empty() || !app.tps || !app.accepted) return;
    if (app.act == Act::view || app.act == Act::read) return look(app);
    if (app.act != Act::verify) return;
    operators_.expire(app.time());
    verify(app, operators_.touch(std::string(app.account), app.time()).value, out);
}

void VerificationPaceDetector::look(const AppEvent& app) {
    looks_.push_back(app.time());
    if (looks_.size() > kLooksKnown) looks_.pop_front();
    auto& looks = operators_.touch(std::string(app.account), app.time()).value.looks;
    looks.push_back({app.tps->value, app.time()});
    if (looks.size() > kLooks) looks.pop_front();
}

void VerificationPaceDetector::verify(const AppEvent& app, Operator& by, FindingSink& out) {
    const auto seen =
        std::ranges::find(by.looks.rbegin(), by.looks.rend(), app.tps->value, &Look::tps);
    std::optional<Duration> open;
    if (app.since_open_ms && *app.since_open_ms >= 0 && *app.since_open_ms < 1e12)
        open = Duration{static_cast<std::int64_t>(*app.since_open_ms * 1e6)};
    else if (seen != by.looks.rend())
        open = app.time() - seen->time;
    check_quick(app, by, open, out);
    check_unseen(app, by, open.has_value() || seen != by.looks.rend(), out);
    if (std::exchange(by.last_tps, app.tps->value) == app.tps->value) return;
    std::erase_if(by.verified, [&](Timestamp time) { return time + kHour <= app.time(); });
    by.verified.push_back(app.time());
    if (by.verified.size() > kMost + 1) by.verified.pop_front();
    check_hour(app, by, out);
    check_rhythm(app, by, out);
}

void VerificationPaceDetector::check_quick(const AppEvent& app, Operator& by,
                                           std::optional<Duration> open, FindingSink& out) {
    if (!open || *open >= quick_ || !full(by.quickly, app.time(), kInARow, kShort)) return;
    tell(quick, app, by, Severity::medium,
         fmt::format("verified {} TPS within ten minutes less than {:.0f} s after opening each",
                     kInARow, to_seconds(quick_)),
         out);
}

void VerificationPaceDetector::check_hour(const AppEvent& app, Operator& by, FindingSink& out) {
    if (by.verified.size() <= per_hour_) return;
    const bool worse = by.verified.size() > kMost;
    tell(worse ? too_many : many, app, by, worse ? Severity::medium : Severity::low,
         fmt::format("verified more than {} TPS within an hour", worse ? kMost : per_hour_), out);
}

void VerificationPaceDetector::check_rhythm(const AppEvent& app, Operator& by, FindingSink& out) {
    const auto spread = variation(by.verified);
    if (!spread || *spread >= regularity_) return;
    tell(rhythm, app, by, Severity::medium,
         fmt::format("verified {} TPS at gaps that vary by {:.1f} % only, as a program does",
                     kRegular + 1, *spread * 100),
         out);
}

void VerificationPaceDetector::check_unseen(const AppEvent& app, Operator& by, bool seen,
                                            FindingSink& out) {
    const bool recorded = looks_.size() == kLooksKnown && app.time() - looks_.front() <= kHour;
    if (seen || !recorded || !full(by.unseen, app.time(), kInARow, kShort)) return;
    tell(unseen, app, by, Severity::medium,
         fmt::format("verified {} TPS within ten minutes without having looked at them", kInARow),
         out);
}

void VerificationPaceDetector::tell(Reason reason, const AppEvent& app, Operator& by,
                                    Severity severity, std::string_view what, FindingSink& out) {
    Timestamp& told = by.told[reason];
    if (told != Timestamp{} && app.time() - told < kHour) return;
    told = app.time();
    Finding finding = inconsistency(verification_pace_rule(), *app.event,
                                    fmt::format("{} {}", quoted(app.account), what));
    finding.entity = printable_utf8(app.account, 128);
    finding.severity = severity;
    out.report(std::move(finding));
}

}  // namespace kentongan::sirekap
