// Puts counters, pace and forecast together.
#include "daemon/detect/sirekap/coverage_report.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

namespace kentongan::sirekap {

namespace json = boost::json;

namespace {

constexpr std::size_t kHour = 12;    // bins
constexpr std::size_t kWindow = 36;  // bins: the three hours of a pace; earlier, half the time
constexpr Duration kBin = std::chrono::seconds{Coverage::kBinSeconds};

/// Reads the numbers of now, or of a time that is over.
class Reading {
  public:
    Reading(const Coverage& coverage, const Election& election, std::optional<Timestamp> at)
        : coverage_(coverage), election_(election), now_(coverage.now()) {
        if (!at) return;
        (*at < now_ ? past_ : later_) = at;
        now_ = std::min(now_, *at);
    }

    [[nodiscard]] Timestamp now() const { return now_; }

    [[nodiscard]] Progress progress(std::uint32_t area) const {
        const AreaCoverage is = read(area);
        Progress out;
        out.expected = is.expected;
        out.received = is.received;
        const Duration since = now_ - election_.close_of(code_of(area));
        out.hours = to_seconds(since) / 3600;
        const auto bins =
            static_cast<std::size_t>(std::clamp(out.hours / 2 * kHour, 1.0, double{kWindow}));
        out.window = static_cast<double>(bins) / kHour;
        out.recent = recent(area, bins, kBin * static_cast<std::int64_t>(bins)).value_or(0);
        return out;
    }

    [[nodiscard]] CoverageRow row(std::uint32_t area, std::optional<double> usual) const {
        CoverageRow out;
        out.area = read(area);
        const auto code = code_of(area);
        out.target = later_.value_or(election_.target_of(code));
        out.target_share = election_.profile_of(code).coverage_target;
        if (const auto hour = recent(area, kHour, std::chrono::hours{1})) out.rate_per_hour = *hour;
        Progress is = progress(area);
        // A kelurahan has no series: it goes at the pace of its kecamatan.
        if (!out.rate_per_hour) is.recent = 0;
        auto pace = pace_of(is, usual);
        if (!out.rate_per_hour && pace && usual) pace = Pace{*usual, *usual / 2};
        const double hours = to_seconds(out.target - election_.close_of(code)) / 3600;
        const auto due_in = election_.upload_target;
        out.due = share_on_the_way(to_seconds(now_ - election_.close_of(code)) / 3600,
                                   static_cast<double>(due_in.count()), out.target_share);
        if (pace && out.target > now_) out.outlook = forecast(is, *pace, hours, out.target_share);
        out.flag = flag_of(out);
        return out;
    }

  private:
    [[nodiscard]] std::string_view code_of(std::uint32_t area) const {
        const auto areas = coverage_.list().areas();
        return area == Coverage::kWhole ? std::string_view{areas[0].code}.substr(0, 2)
                                        : std::string_view{areas[area].code};
    }
    [[nodiscard]] AreaCoverage read(std::uint32_t area) const {
        AreaCoverage out = coverage_.at(area);
        if (past_) out.received = coverage_.received_by(area, *past_);
        return out;
    }
    [[nodiscard]] std::optional<std::uint32_t> recent(std::uint32_t area, std::size_t bins,
                                                      Duration time) const {
        if (!past_) return coverage_.recent(area, bins);
        return coverage_.received_by(area, *past_) - coverage_.received_by(area, *past_ - time);
    }
    [[nodiscard]] std::string_view flag_of(const CoverageRow& row) const {
        if (row.area.received == row.area.expected) return "complete";
        const double goal = std::ceil(row.target_share * row.area.expected);
        if (row.target <= now_) return row.area.received < goal ? "missed" : "";
        if (!row.outlook) return "";
        const double gap = goal - row.outlook->share * row.area.expected;
        return row.outlook->below_target > kRiskProbability && gap >= kRiskGap ? "at risk" : "";
    }

    const Coverage& coverage_;
    const Election& election_;
    Timestamp now_;
    std::optional<Timestamp> past_;
    std::optional<Timestamp> later_;
};

std::optional<std::uint32_t> find_area(const Register& list, std::string_view code) {
    if (code.empty()) return Coverage::kWhole;
    const auto* found = list.area(code);
    if (found == nullptr) return std::nullopt;
    return static_cast<std::uint32_t>(found - list.areas().data());
}

/// The length of the codes one level below; 0 below a kelurahan.
std::size_t length_below(std::size_t length) {
    switch (length) {
        case 0:
            return 2;
        case 2:
            return 4;
        case 4:
            return 6;
        case 6:
            return 10;
        default:
            return 0;
    }
}

std::vector<TpsRow> tps_of(const Coverage& coverage, std::uint32_t kelurahan, Timestamp by) {
    std::vector<TpsRow> out;
    const Register& list = coverage.list();
    for (auto tps = list.areas()[kelurahan].begin; tps < list.areas()[kelurahan].end; ++tps) {
        auto first = coverage.first_of(tps);
        if (first && *first > by) first.reset();
        out.push_back({list.tps_at(tps).to_string(), first});
    }
    return out;
}

double rounded(double value, double places) { return std::round(value * places) / places; }

/// What an area is to reach, and how many TPS that is on the way there.
class Goal {
  public:
    Goal(const Election& election, std::string_view code, std::uint32_t expected)
        : close_(election.close_of(code)),
          target_(election.target_of(code)),
          share_(election.profile_of(code).coverage_target),
          expected_(expected) {}
    [[nodiscard]] Timestamp time() const { return target_; }
    [[nodiscard]] double due(Timestamp at) const {
        return std::round(expected_ *
                          share_on_the_way(hours_until(at), hours_until(target_), share_));
    }

  private:
    [[nodiscard]] double hours_until(Timestamp at) const { return to_seconds(at - close_) / 3600; }
    Timestamp close_;
    Timestamp target_;
    double share_;
    double expected_;
};

json::object what_is_ahead(const Coverage& coverage, const Election& election,
                           std::string_view code, const Goal& goal, std::size_t points) {
    json::array times;
    json::array due;
    json::array forecast;
    json::array low;
    json::array high;
    const Timestamp now = coverage.now();
    const auto step = (goal.time() - now) / static_cast<std::int64_t>(std::max(points, 1ul));
    for (std::size_t i = 1; i <= points && step > Duration{}; ++i) {
        const Timestamp time = now + step * static_cast<std::int64_t>(i);
        times.emplace_back(to_rfc3339(time, 0));
        due.emplace_back(goal.due(time));
        const auto row = coverage_report(coverage, election, code, time)->whole;
        if (!row.outlook) continue;
        forecast.emplace_back(std::round(row.outlook->share * row.area.expected));
        low.emplace_back(std::round(row.outlook->low * row.area.expected));
        high.emplace_back(std::round(row.outlook->high * row.area.expected));
    }
    return {{"times", std::move(times)},
            {"due", std::move(due)},
            {"forecast", std::move(forecast)},
            {"low", std::move(low)},
            {"high", std::move(high)}};
}

json::object to_json(const CoverageRow& row) {
    const AreaCoverage& area = row.area;
    const double share =
        area.expected == 0 ? 0 : static_cast<double>(area.received) / area.expected;
    json::object out{{"area", area.code},
                     {"name", area.name},
                     {"expected", area.expected},
                     {"received", area.received},
                     {"percent", rounded(100 * share, 100)},
                     {"due_percent", rounded(100 * row.due, 100)},
                     {"complete", area.complete},
                     {"pages", area.pages},
                     {"reuploads", area.again}};
    if (row.rate_per_hour) out["rate_per_hour"] = *row.rate_per_hour;
    out["target"] = {{"time", to_rfc3339(row.target, 0)},
                     {"percent", rounded(100 * row.target_share, 100)}};
    if (row.outlook)
        out["forecast"] = {{"percent", rounded(100 * row.outlook->share, 10)},
                           {"low", rounded(100 * row.outlook->low, 10)},
                           {"high", rounded(100 * row.outlook->high, 10)},
                           {"target_met", rounded(1 - row.outlook->below_target, 1000)}};
    out["flag"] = row.flag;
    return out;
}

}  // namespace

std::optional<CoverageReport> coverage_report(const Coverage& coverage, const Election& election,
                                              std::string_view code, std::optional<Timestamp> at) {
    const auto area = find_area(coverage.list(), code);
    if (!area) return std::nullopt;
    const Reading reading{coverage, election, at};
    CoverageReport out;
    out.time = reading.now();
    // The pace of what is above steadies that of what is below it.
    const std::uint32_t above = *area == Coverage::kWhole || code.size() == 2
                                    ? Coverage::kWhole
                                    : coverage.list().areas()[*area].parent;
    std::optional<double> usual;
    if (const auto pace = pace_of(reading.progress(above))) usual = pace->c;
    out.whole = reading.row(*area, usual);
    if (const auto pace = pace_of(reading.progress(*area), usual); pace && code.size() < 10)
        usual = pace->c;
    if (const auto length = length_below(code.size()); length != 0)
        for (const std::uint32_t child : coverage.list().level(length, code))
            out.rows.push_back(reading.row(child, usual));
    if (code.size() == 10) out.tps = tps_of(coverage, *area, out.time);
    return out;
}

std::optional<json::object> coverage_series(const Coverage& coverage, const Election& election,
                                            std::string_view code, std::size_t points) {
    const auto area = find_area(coverage.list(), code);
    if (!area) return std::nullopt;
    const std::string_view place =
        code.empty() ? std::string_view{coverage.list().areas()[0].code} : code;
    const Timestamp begin =
        election.close_of(place.substr(0, std::min<std::size_t>(place.size(), 6)));
    const Timestamp end = coverage.now();
    const Goal goal{election, place, coverage.at(*area).expected};
    json::array times;
    json::array received;
    json::array due;
    const Duration step =
        std::max<Duration>(kBin, (end - begin) / static_cast<std::int64_t>(points));
    const auto add = [&](Timestamp time) {
        times.emplace_back(to_rfc3339(time, 0));
        received.emplace_back(coverage.received_by(*area, time));
        due.emplace_back(goal.due(time));
    };
    for (Timestamp time = begin; time < end; time += step) add(time);
    if (end > begin) add(end);
    return json::object{{"times", std::move(times)},
                        {"received", std::move(received)},
                        {"due", std::move(due)},
                        {"ahead", what_is_ahead(coverage, election, code, goal, points / 6)}};
}

json::object to_json(const CoverageReport& report) {
    json::array rows;
    for (const CoverageRow& row : report.rows) rows.push_back(to_json(row));
    json::object out{{"time", to_rfc3339(report.time, 0)}};
    out["whole"] = to_json(report.whole);
    out["areas"] = std::move(rows);
    if (report.tps.empty()) return out;
    json::array tps;
    for (const TpsRow& row : report.tps)
        tps.push_back(
            json::object{{"tps", row.code},
                         {"first", row.first ? json::value(to_rfc3339(*row.first, 0)) : nullptr}});
    out["tps"] = std::move(tps);
    return out;
}

}  // namespace kentongan::sirekap
