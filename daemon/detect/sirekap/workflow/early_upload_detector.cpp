#include "daemon/detect/sirekap/workflow/early_upload_detector.hpp"

#include <fmt/chrono.h>

#include <algorithm>

namespace kentongan::sirekap {

namespace {

constexpr Duration kTooSoon = std::chrono::minutes{20};
constexpr Duration kDay = std::chrono::hours{24};
constexpr double kSenselessSeconds = 1e9;
constexpr std::size_t kKabupaten = 4;  // characters of its code

/// "12:40 WITA".
std::string clock(std::string_view tps, Timestamp time) {
    const auto local = std::chrono::floor<std::chrono::seconds>(time + utc_offset_of(tps));
    return fmt::format("{:%d %b %H:%M} {}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(
                           std::chrono::time_point_cast<std::chrono::system_clock::duration>(
                               Timestamp{local.time_since_epoch()}))),
                       zone_name_of(tps));
}

}  // namespace

void EarlyUploadDetector::inspect_act(const AppEvent& app, FindingSink& out) {
    if (app.act != Act::upload || !app.tps || options_->rehearsal) return;
    const std::string_view tps = app.event->text(Field::sirekap_tps);
    if (tps.starts_with("99")) return;
    const Timestamp close = close_that_counts(tps, app.time());
    const double age = app.age_seconds.value_or(0);
    const bool aged = app.age_seconds && age > 0 && age < kSenselessSeconds;
    const Timestamp taken =
        aged ? app.time() - Duration{static_cast<std::int64_t>(age * 1e9)} : app.time();
    std::string what;
    Severity severity = Severity::high;
    if (app.time() < close) {
        what = fmt::format("received at {}, before the polls close at {}", clock(tps, app.time()),
                           clock(tps, close));
    } else if (taken < close) {
        what = fmt::format("made at {} by its telephone's clock, before the polls closed at {}",
                           clock(tps, taken), clock(tps, close));
        severity = Severity::medium;
    } else if (app.time() < close + kTooSoon) {
        what = fmt::format("received at {}, sooner after the close at {} than anybody counts",
                           clock(tps, app.time()), clock(tps, close));
        severity = Severity::low;
    } else {
        return;
    }
    Finding finding =
        inconsistency(early_upload_rule(), *app.event,
                      fmt::format("a form of TPS {} was {}{}", app.tps->to_string(), what,
                                  app.accepted ? "" : "; the server refused it"));
    finding.severity = app.accepted ? severity : Severity::low;
    if (severity == Severity::low) finding.entity = tps.substr(0, kKabupaten);
    few_.limit(finding);
    out.report(std::move(finding));
}

/// The close of the voting day of this TPS that `time` lies on, or else of its first one.
Timestamp EarlyUploadDetector::close_that_counts(std::string_view tps, Timestamp time) const {
    const Duration closes = options_->election.closes - utc_offset_of(tps);
    Timestamp first = options_->election.close_of(tps);
    bool replaced = false;
    for (const VotingDay& other : options_->voting_days) {
        if (std::ranges::none_of(other.areas,
                                 [&](const auto& code) { return tps.starts_with(code); }))
            continue;
        const Timestamp close = other.day + closes;
        const Timestamp midnight = other.day - utc_offset_of(tps);
        if (time >= midnight && time < midnight + kDay) return close;
        if (other.instead) {
            first = replaced ? std::min(first, close) : close;
            replaced = true;
        }
    }
    return first;
}

}  // namespace kentongan::sirekap
