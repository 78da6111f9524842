#include "daemon/detect/sirekap/workflow/backdated_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

constexpr double kOldSeconds = 600;
constexpr double kAheadSeconds = 120;
constexpr double kSenselessSeconds = 1e9;  // thirty years
constexpr Duration kDisorder = std::chrono::minutes{2};
constexpr Duration kImageAge = std::chrono::hours{24};

bool changes_something(Act act) {
    return act == Act::upload || act == Act::answer || act == Act::edit || act == Act::verify ||
           act == Act::finish;
}

/// So many digits at the front; nothing when there are fewer.
std::optional<int> take_digits(std::string_view& rest, std::size_t count) {
    if (rest.size() < count) return std::nullopt;
    const auto number = parse_number<int>(rest.substr(0, count));
    if (!number || *number < 0) return std::nullopt;
    rest.remove_prefix(count);
    return number;
}

bool take_dash(std::string_view& rest) {
    if (!rest.starts_with('-')) return false;
    rest.remove_prefix(1);
    return true;
}

}  // namespace

std::optional<Timestamp> stamp_of_image(std::string_view file_name) {
    std::string_view rest = file_name.substr(file_name.rfind('/') + 1);
    if (!TpsCode::parse(rest.substr(0, kTpsLength))) return std::nullopt;
    rest.remove_prefix(kTpsLength);
    if (!take_dash(rest)) return std::nullopt;
    const auto year = take_digits(rest, 4);
    const auto month = take_digits(rest, 2);
    const auto day = take_digits(rest, 2);
    if (!take_dash(rest)) return std::nullopt;
    const auto hour = take_digits(rest, 2);
    const auto minute = take_digits(rest, 2);
    const auto second = take_digits(rest, 2);
    if (!year || !month || !day || !hour || !minute || !second || !rest.starts_with("--"))
        return std::nullopt;
    return from_civil(*year, *month, *day, *hour, *minute, *second, std::chrono::hours{7});
}

BackdatedDetector::BackdatedDetector(const WorkflowOptions& options)
    : capacity_(static_cast<std::size_t>(std::max<std::int64_t>(options.tps_entries, 1))) {}

void BackdatedDetector::inspect_act(const AppEvent& app, FindingSink& out) {
    if (!app.accepted || !app.tps || !changes_something(app.act)) return;
    if (app.age_seconds && std::abs(*app.age_seconds) < kSenselessSeconds)
        check_client(app, *app.age_seconds, out);
    if (app.act == Act::upload) check_image(app, out);
}

void BackdatedDetector::check_client(const AppEvent& app, double age_seconds, FindingSink& out) {
    const Timestamp made = app.time() - Duration{static_cast<std::int64_t>(age_seconds * 1e9)};
    const bool known = newest_.contains(app.tps->value);
    if (!known && newest_.size() == capacity_) {
        ++left_out_;
    } else {
        std::int64_t& newest = newest_.try_emplace(app.tps->value, INT64_MIN).first->second;
        if (!app.offline && newest != INT64_MIN && made + kDisorder < from_nanoseconds(newest))
            return tell(app,
                        fmt::format("what was done for TPS {} is dated {}, before the last event "
                                    "of {}",
                                    app.tps->to_string(), to_rfc3339(made, 0),
                                    to_rfc3339(from_nanoseconds(newest), 0)),
                        Severity::high, out);
        newest = std::max(newest, to_nanoseconds(std::min(made, app.time())));
    }
    if (age_seconds < -kAheadSeconds)
        tell(app,
             fmt::format("what was done for TPS {} is dated {:.0f} s ahead of the server",
                         app.tps->to_string(), -age_seconds),
             Severity::high, out);
    else if (age_seconds > kOldSeconds && !app.offline)
        tell(app,
             fmt::format("what was done for TPS {} is dated {:.0f} s before it was received, and "
                         "was not made offline",
                         app.tps->to_string(), age_seconds),
             Severity::high, out);
}

void BackdatedDetector::check_image(const AppEvent& app, FindingSink& out) {
    const auto named = stamp_of_image(app.file_name);
    if (!named || (*named + kImageAge >= app.time() && *named - kImageAge <= app.time())) return;
    tell(app,
         fmt::format("a picture of TPS {} was named at {} but received at {}", app.tps->to_string(),
                     to_rfc3339(*named, 0), to_rfc3339(app.time(), 0)),
         Severity::medium, out);
}

void BackdatedDetector::tell(const AppEvent& app, std::string_view what, Severity severity,
                             FindingSink& out) {
    Finding finding = inconsistency(backdated_rule(), *app.event, what);
    finding.severity = severity;
    few_.limit(finding);
    out.report(std::move(finding));
}

}  // namespace kentongan::sirekap
