// Begins and ends stops.
#include "daemon/detect/sirekap/stall_watch.hpp"

#include <algorithm>
#include <set>

#include "daemon/detect/sirekap/area_words.hpp"

namespace kentongan::sirekap {

namespace {

constexpr Duration kMinute = std::chrono::minutes{1};
constexpr Duration kFive = std::chrono::minutes{5};
constexpr std::uint32_t kWhole = Coverage::kWhole;
constexpr std::size_t kLeastMinutes = 5;
constexpr std::size_t kMostMinutes = 30;
constexpr std::size_t kLeastFives = 6;
constexpr std::size_t kMostFives = 24;
constexpr std::uint32_t kLeastMissing = 20;  // TPS
constexpr std::uint32_t kLeastBegun = 20;    // TPS
constexpr double kBegunShare = 0.02;
constexpr auto kAfterTarget = std::chrono::hours{12};
constexpr auto kCatchingUp = std::chrono::hours{1};
constexpr auto kForgotten = kFive * kMostFives + kCatchingUp;
constexpr auto kJudgeAgain = std::chrono::minutes{10};
constexpr int kSurer = 20;  // per cent of confidence more
constexpr std::size_t kTogether = 3;

}  // namespace

StallWatch::StallWatch(std::shared_ptr<const Coverage> coverage, Options options)
    : coverage_(std::move(coverage)), options_(std::move(options)) {}

std::string_view StallWatch::code_of(std::uint32_t area) const {
    const auto areas = coverage_->list().areas();
    return area == kWhole ? std::string_view{areas[0].code}.substr(0, 2) : areas[area].code;
}

bool StallWatch::is_judged(std::uint32_t area, Timestamp now) const {
    const auto code = code_of(area);
    if (now < options_.election.close_of(code) ||
        now > options_.election.target_of(code) + kAfterTarget)
        return false;
    const AreaCoverage is = coverage_->numbers_of(area);
    const std::uint32_t there = is.pages > 0 ? is.complete : is.received;
    return is.expected - there >= kLeastMissing && is.received >= kLeastBegun &&
           is.received >= kBegunShare * is.expected;
}

/// Where nothing tells pages apart, a TPS that has sent something is taken as complete.
double StallWatch::remaining_pages(std::uint32_t area) const {
    const AreaCoverage is = coverage_->numbers_of(area);
    const double all = static_cast<double>(is.expected) * coverage_->pages();
    return is.pages > 0 ? all - is.pages
                        : all - static_cast<double>(is.received) * coverage_->pages();
}

bool StallWatch::is_covered(std::uint32_t area) const {
    if (area == kWhole) return false;
    if (stalls_.contains(kWhole)) return true;
    for (std::uint32_t up = coverage_->list().areas()[area].parent; up != Register::kNone;
         up = coverage_->list().areas()[up].parent)
        if (stalls_.contains(up)) return true;
    return false;
}

Timestamp StallWatch::last_end(std::uint32_t area) const {
    Timestamp out = Timestamp::min();
    const auto look_at = [&](std::uint32_t one) {
        if (const auto found = ended_.find(one); found != ended_.end())
            out = std::max(out, found->second);
    };
    look_at(kWhole);
    if (area == kWhole) return out;
    for (; area != Register::kNone; area = coverage_->list().areas()[area].parent) look_at(area);
    return out;
}

bool StallWatch::explains(std::uint32_t area, Timestamp now) const {
    return stalls_.contains(area) || is_covered(area) || last_end(area) > now - kCatchingUp;
}

/// The more areas there are at its level, the rarer must be what is told of one of them.
Flow::Question StallWatch::question_for(std::uint32_t area, Duration bin, Timestamp now) const {
    const bool by_minute = bin == kMinute;
    const std::size_t areas =
        area == kWhole ? 1 : coverage_->list().level(code_of(area).size()).size();
    return {by_minute ? kLeastMinutes : kLeastFives,
            by_minute ? kMostMinutes : kMostFives,
            by_minute ? 60u : 12u,
            remaining_pages(area),
            static_cast<double>(coverage_->pages()),
            to_seconds(now - options_.election.close_of(code_of(area))) / to_seconds(bin),
            Flow::kUnlikely / static_cast<double>(std::max<std::size_t>(areas, 1))};
}

std::optional<StallWatch::Stall> StallWatch::find(std::uint32_t area, const Flow& flow,
                                                  Duration bin, Timestamp now) const {
    if (!flow.has_level() || stalls_.contains(area) || is_covered(area) || !is_judged(area, now))
        return std::nullopt;
    const auto quiet = flow.quiet(question_for(area, bin, now));
    if (!quiet) return std::nullopt;
    Stall out;
    out.begin = now - bin * static_cast<std::int64_t>(quiet->bins);
    if (out.begin < last_end(area)) return std::nullopt;  // that stop was told
    out.level = quiet->level;
    out.expected = quiet->expected;
    out.came = quiet->came;
    out.bin = bin;
    return out;
}

void StallWatch::minute_is_over(Timestamp now, const UploadFlows& flows, const StallSigns& signs,
                                FindingSink& out) {
    end_stalls(kMinute, now, flows, out);
    for (const std::uint32_t area : flows.minute_areas())
        if (auto stall = find(area, flows.minutes_of(area), kMinute, now))
            begin(area, std::move(*stall), now, signs, out);
    judge_again(now, signs, out);
}

void StallWatch::five_are_over(Timestamp now, const UploadFlows& flows, const StallSigns& signs,
                               FindingSink& out) {
    end_stalls(kFive, now, flows, out);
    const Register& list = coverage_->list();
    std::map<std::uint32_t, Stall> found;
    for (const std::uint32_t area : list.level(4))
        if (auto stall = find(area, flows.fives_of(area), kFive, now)) found[area] = *stall;
    begin_kabupaten(found, now, signs, out);
    for (const std::uint32_t area : list.level(6))
        if (auto stall = find(area, flows.fives_of(area), kFive, now))
            begin(area, std::move(*stall), now, signs, out);
}

/// Those of this moment and those stopped already are looked at together.
void StallWatch::begin_kabupaten(const std::map<std::uint32_t, Stall>& found, Timestamp now,
                                 const StallSigns& signs, FindingSink& out) {
    if (found.empty()) return;
    const auto areas = coverage_->list().areas();
    std::set<std::uint32_t> stopped;
    for (const auto& [area, stall] : stalls_)
        if (area != kWhole && areas[area].code.size() == 4 && !is_covered(area))
            stopped.insert(area);
    for (const auto& [area, stall] : found) stopped.insert(area);
    if (stopped.size() < kTogether) {
        for (const auto& [area, stall] : found) begin(area, stall, now, signs, out);
        return;
    }
    std::set<std::uint32_t> provinces;
    Stall together;
    together.of_members = true;
    together.bin = kFive;
    together.begin = now;
    together.members = stopped.size();
    for (const std::uint32_t area : stopped) {
        const Stall& stall = found.contains(area) ? found.at(area) : stalls_.at(area);
        provinces.insert(areas[area].parent);
        together.begin = std::min(together.begin, stall.begin);
        together.level += stall.level;
        together.expected += stall.expected;
        together.came += stall.came;
    }
    for (const auto& [area, stall] : found) stalls_[area] = stall;
    for (const std::uint32_t area : stopped) stalls_[area].told = false;
    begin(provinces.size() == 1 ? *provinces.begin() : kWhole, together, now, signs, out);
}

Judgement StallWatch::judge(const Stall& stall, std::uint32_t area, Timestamp now,
                            const StallSigns& signs) const {
    return signs.judge({stall.begin, now, stall.came > 0, local_hour(now, code_of(area))});
}

void StallWatch::begin(std::uint32_t area, Stall stall, Timestamp now, const StallSigns& signs,
                       FindingSink& out) {
    stall.judged = now;
    stall.judgement = judge(stall, area, now, signs);
    tell(area, stall, now, "stopped", out);
    stalls_[area] = std::move(stall);
}

/// What becomes clear later is told once more.
void StallWatch::judge_again(Timestamp now, const StallSigns& signs, FindingSink& out) {
    for (auto& [area, stall] : stalls_) {
        if (!stall.told || now - stall.judged < kJudgeAgain) continue;
        stall.judged = now;
        auto judgement = judge(stall, area, now, signs);
        const bool clearer = judgement.cause != stall.judgement.cause &&
                             judgement.confidence >= stall.judgement.confidence + kSurer;
        if (!clearer) continue;
        stall.judgement = std::move(judgement);
        tell(area, stall, now, "stopped", out);
    }
}

bool StallWatch::is_over(std::uint32_t area, const Stall& stall, Timestamp now,
                         const UploadFlows& flows) const {
    if (stall.of_members) {
        const auto is_member = [&](const auto& other) {
            return other.first != kWhole && !other.second.told &&
                   (area == kWhole || coverage_->list().areas()[other.first].parent == area);
        };
        return std::ranges::none_of(stalls_, is_member);
    }
    const Flow& flow = stall.bin == kMinute ? flows.minutes_of(area) : flows.fives_of(area);
    // By itself it would have died down a little since, as the reciprocal of the time.
    const Timestamp close = options_.election.close_of(code_of(area));
    const double died_down = to_seconds(stall.begin - close) / to_seconds(now - close);
    return flow.flows(stall.level * std::clamp(died_down, 0.1, 1.0),
                      static_cast<std::size_t>((now - stall.begin) / stall.bin));
}

void StallWatch::end_stalls(Duration bin, Timestamp now, const UploadFlows& flows,
                            FindingSink& out) {
    std::erase_if(ended_, [&](const auto& one) { return now - one.second >= kForgotten; });
    // Members before the whole they make.
    for (auto at = stalls_.begin(); at != stalls_.end();) {
        const auto& [area, stall] = *at;
        if (stall.bin != bin || !is_over(area, stall, now, flows)) {
            ++at;
            continue;
        }
        if (stall.told) tell(area, stall, now, "flows again", out);
        ended_[area] = now;
        at = stalls_.erase(at);
    }
}

}  // namespace kentongan::sirekap
