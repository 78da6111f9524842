// Weighs what was heard beside the uploads.
#include "daemon/detect/sirekap/stall_cause.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kLogs = 1024;
constexpr std::uint32_t kFloodSyns = 1000;  // a second to one service
constexpr double kFloodCompleted = 0.3;
constexpr double kLeastRequests = 20;
constexpr double kManyErrors = 0.3;
constexpr double kMostErrors = 0.5;
constexpr double kSurge = 3;      // times the requests before
constexpr double kDrought = 0.3;  // of the requests before
constexpr double kAsBefore = 0.5;
constexpr int kMorning = 6;

std::int64_t minute_number(Timestamp time) {
    return std::chrono::floor<std::chrono::minutes>(time.time_since_epoch()).count();
}

}  // namespace

std::string_view name_of(StallCause cause) {
    switch (cause) {
        case StallCause::our_outage:
            return "our outage";
        case StallCause::attack:
            return "attack";
        case StallCause::upstream_outage:
            return "upstream outage";
        case StallCause::quiet_hour:
            return "quiet hour";
        case StallCause::sensor_blind:
            return "sensor blind";
    }
    return "upstream outage";
}

StallSigns::Minute& StallSigns::minute_of(Timestamp time) {
    const std::int64_t number = minute_number(time);
    Minute& minute = minutes_[static_cast<std::size_t>((number % kMinutes + kMinutes) % kMinutes)];
    if (minute.number < number) minute = {.number = number};
    if (first_ == 0) first_ = number;
    return minute;
}

void StallSigns::take(const LogSecond& second) {
    if (second.events == 0) return;
    Minute& minute = minute_of(second.second);
    minute.lines += second.events;
    for (const auto& route : second.routes) {
        minute.requests += route.requests;
        minute.server_errors += route.server_errors;
    }
    const std::string_view name = second.last.source.empty() ? second.source : second.last.source;
    const auto found = logs_.find(name);
    if (found == logs_.end() && logs_.size() == kLogs) {
        ++refused_;
        return;
    }
    logs_[name].heard = std::max(logs_[name].heard, minute_number(second.second));
}

void StallSigns::take(const TrafficSecond& second) {
    const auto floods = [](const TrafficSecond::Service& service) {
        return service.syns >= kFloodSyns && service.completed < kFloodCompleted * service.syns;
    };
    Minute& minute = minute_of(second.second);
    if (std::ranges::any_of(second.services, floods)) ++minute.flooded;
}

void StallSigns::upload_from(std::string_view source) {
    if (logs_.contains(source) || logs_.size() < kLogs) logs_[source].has_uploads = true;
}

StallSigns::Sums StallSigns::sums(std::int64_t from, std::int64_t to) const {
    Sums out;
    out.minutes = static_cast<double>(to - std::max(from, first_));
    for (const Minute& minute : minutes_) {
        if (minute.number < from || minute.number >= to) continue;
        out.lines += static_cast<double>(minute.lines);
        out.requests += static_cast<double>(minute.requests);
        out.server_errors += static_cast<double>(minute.server_errors);
        out.flooded += minute.flooded;
    }
    return out;
}

Judgement StallSigns::judge(const Question& question) const {
    const std::int64_t begin = minute_number(question.begin);
    const std::int64_t now = minute_number(question.now);
    const Sums then = sums(begin - 60, begin);
    const Sums since = sums(begin, now);
    bool uploads_heard = false;
    bool others_heard = false;
    for (const auto& [name, log] : logs_) {
        if (log.heard <= begin) continue;
        (log.has_uploads ? uploads_heard : others_heard) = true;
    }
    const bool asked = since.requests >= kLeastRequests;
    const std::string share = fmt::format("{:.0f} % of {:.0f} requests ended in a server error",
                                          100 * since.error_share(), since.requests);
    const std::string rate = fmt::format("{:.0f} requests a minute after {:.0f} before",
                                         since.request_rate(), then.request_rate());
    if (since.flooded >= 3)
        return {
            StallCause::attack,
            80,
            {fmt::format("{:.0f} seconds with a flood of half-open connections", since.flooded)}};
    if (asked && then.requests > 0 && since.request_rate() >= kSurge * then.request_rate())
        return {StallCause::attack, since.error_share() >= kManyErrors ? 70 : 50, {rate, share}};
    if (asked && since.error_share() >= kManyErrors)
        return {StallCause::our_outage, since.error_share() >= kMostErrors ? 90 : 70, {share}};
    if (!uploads_heard && others_heard && !question.some_came &&
        since.request_rate() >= kAsBefore * then.request_rate())
        return {StallCause::sensor_blind,
                70,
                {"the log that tells of uploads is silent while others go on", rate}};
    if (!uploads_heard && !others_heard && !question.some_came && then.lines > 0)
        return {StallCause::sensor_blind, 60, {"no log has been heard since"}};
    const bool night = question.local_hour < kMorning;
    if (then.requests > 0 && since.request_rate() < kDrought * then.request_rate())
        return {night ? StallCause::quiet_hour : StallCause::upstream_outage,
                night ? 40 : 70,
                {rate, "few of them failed"}};
    if (night)
        return {StallCause::quiet_hour,
                40,
                {"it is the middle of the night and nothing else is "
                 "wrong"}};
    if (then.lines == 0 && since.lines == 0)
        return {
            StallCause::upstream_outage, 30, {"uploads are all that is heard, so this is a guess"}};
    return {StallCause::upstream_outage, 50, {rate, "what does come is answered"}};
}

}  // namespace kentongan::sirekap
