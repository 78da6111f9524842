// Judges the silence of each log once a second.
#include "daemon/detect/anomaly/series/log_gap_detector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/anomaly/series/words.hpp"

namespace kentongan::anomaly {

namespace {

constexpr std::int64_t kLogs = 4096;
constexpr Duration kMemory = std::chrono::hours{24 * 14};
constexpr Duration kLongestLiveStep = std::chrono::seconds{10};
constexpr std::uint64_t kLeastPauses = 100;
constexpr int kFollowedFor = 10;  // times the silence it is judged by
constexpr Duration kClockJitter = std::chrono::seconds{2};
constexpr int kTimesP99 = 5;
constexpr int kTimesLongest = 4;
constexpr int kTimesUsualLateness = 3;
constexpr Duration kClockQuiet = std::chrono::minutes{10};
constexpr std::uint64_t kLeastEvents = 100;
constexpr std::string_view kAllLogs = "all logs";

Evidence last_line(const Origin& origin, const std::string& line, bool cut) {
    return {"log", std::string(origin.source), origin.position, cut ? "" : sha256_hex(line),
            printable_utf8(line, 1000)};
}

Finding finding_about(const RulePointer& rule, std::string_view entity, Timestamp time,
                      std::string message) {
    Finding out;
    out.rule = rule;
    out.time = time;
    out.entity = entity;
    out.message = std::move(message);
    return out;
}

}  // namespace

LogGapDetector::LogGapDetector(const AnomalyOptions& options)
    : longest_step_(options.live ? kLongestLiveStep : Duration::max()),
      logs_(kLogs, kMemory, options.seed) {
    tune(options);
}

void LogGapDetector::tune(const AnomalyOptions& options) {
    least_ = std::chrono::seconds{std::max<std::int64_t>(options.log_gap_seconds, 1)};
}

void LogGapDetector::inspect(const LogSecond& second, FindingSink& out) {
    key_.assign(second.source);
    auto [log, created] = logs_.touch(key_, now_);
    if (created) log.second = second.second;
    if (log.first == Timestamp{}) log.first = clock_;
    if (log.silent) heard_again(second.source, log, out);
    if (second.stepped_back > Duration{0}) check_clock(second, log, out);
    learn(second, log);
    if (second.ended) logs_.erase(key_);
}

void LogGapDetector::learn(const LogSecond& second, Log& log) {
    if (second.events != 0) {
        const Duration pause = second.second - log.second;
        if (pause > log.limit)
            log.rhythm.add_extraordinary(pause);
        else if (pause > Duration{0})
            log.rhythm.add(pause, now_);
        log.last = second.last;
        log.line = second.line;
        log.line_cut = second.line_cut;
    }
    log.events += second.events;
    log.usual_lateness = std::max(log.usual_lateness - log.usual_lateness / 1024, second.lateness);
    log.second = second.second;
    log.heard = clock_;
    log.limit = Duration::max();
    if (log.rhythm.pauses() < kLeastPauses) return;
    const Duration limit =
        std::max({least_, kTimesP99 * log.rhythm.p99(), kTimesLongest * log.rhythm.longest(),
                  log.rhythm.recent_bound()});
    if (clock_ - log.first < kFollowedFor * limit) return;
    log.limit = limit;
    next_check_ = std::min(next_check_, log.heard + limit);
}

void LogGapDetector::move_clock(Timestamp now) {
    if (now <= now_) return;
    clock_ = now_ == Timestamp{} ? now : clock_ + std::min(now - now_, longest_step_);
    now_ = now;
}

void LogGapDetector::advance(Timestamp now, FindingSink& out) {
    move_clock(now);
    if (clock_ <= next_check_) return;
    next_check_ = Timestamp::max();
    logs_.for_each([&](const std::string& source, Log& log) {
        if (log.limit == Duration::max() || log.silent) return;
        if (clock_ - log.heard <= log.limit) {
            next_check_ = std::min(next_check_, log.heard + log.limit);
            return;
        }
        log.silent = true;
        if (all_silent_since_) return;  // told with the others
        if (all_silent(log))
            tell_all_silent(out);
        else
            tell_silence(source, log, out);
    });
}

/// Whether every other log that should have been heard by now is as silent, and there is one.
bool LogGapDetector::all_silent(const Log& with) {
    std::size_t others = 0;
    bool all = true;
    logs_.for_each([&](const std::string&, const Log& log) {
        if (&log == &with || log.limit == Duration::max() || log.limit > 2 * with.limit) return;
        ++others;
        all = all && clock_ - log.heard > log.limit / 2;
    });
    return all && others > 0;
}

void LogGapDetector::tell_silence(std::string_view source, const Log& log, FindingSink& out) const {
    Finding finding = finding_about(
        log_gap_rule(), source, now_,
        fmt::format("{} has been silent for {}; of {} pauses before, 99 of 100 took at most {} and "
                    "none of the last day more than {}",
                    printable_utf8(source, 200), spoken(clock_ - log.heard), log.rhythm.pauses(),
                    spoken(log.rhythm.p99()), spoken(log.rhythm.longest())));
    finding.evidence.push_back(last_line(log.last, log.line, log.line_cut));
    out.report(std::move(finding));
}

void LogGapDetector::tell_all_silent(FindingSink& out) {
    std::string names;
    std::size_t count = 0;
    Timestamp since = Timestamp::min();
    Finding finding = finding_about(log_gap_rule(), kAllLogs, now_, {});
    logs_.for_each([&](const std::string& source, Log& log) {
        if (log.limit == Duration::max()) return;
        log.silent = true;
        since = std::max(since, log.heard);
        if (++count > 8) return;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", printable_utf8(source, 80));
        finding.evidence.push_back(last_line(log.last, log.line, log.line_cut));
    });
    finding.message = fmt::format(
        "All {} logs have been silent for {} ({}{}): look at the host and the collector first",
        count, spoken(clock_ - since), names, count > 8 ? ", …" : "");
    all_silent_since_ = since;
    out.report(std::move(finding));
}

void LogGapDetector::heard_again(std::string_view source, Log& log, FindingSink& out) {
    if (all_silent_since_) return end_silence_of_all(out);
    log.silent = false;
    Finding finding =
        finding_about(log_gap_rule(), source, now_,
                      fmt::format("{} is heard again after {} of silence",
                                  printable_utf8(source, 200), spoken(clock_ - log.heard)));
    finding.severity = Severity::info;
    finding.evidence.push_back(last_line(log.last, log.line, log.line_cut));
    out.report(std::move(finding));
}

/// The first log is back; the others have as long as ever from now on.
void LogGapDetector::end_silence_of_all(FindingSink& out) {
    Finding finding =
        finding_about(log_gap_rule(), kAllLogs, now_,
                      fmt::format("Logs are heard again after {} in which all were silent",
                                  spoken(clock_ - *all_silent_since_)));
    finding.severity = Severity::info;
    all_silent_since_.reset();
    logs_.for_each([&](const std::string&, Log& log) {
        if (!log.silent) return;
        log.silent = false;
        log.heard = clock_;
        next_check_ = std::min(next_check_, log.heard + log.limit);
    });
    out.report(std::move(finding));
}

void LogGapDetector::check_clock(const LogSecond& second, Log& log, FindingSink& out) {
    const Duration step = second.stepped_back;
    if (log.events < kLeastEvents || step <= kClockJitter ||
        step <= kTimesUsualLateness * log.usual_lateness)
        return;
    if (log.clock_told != Timestamp::min() && now_ - log.clock_told < kClockQuiet) return;
    log.clock_told = now_;
    Finding finding = finding_about(
        log_clock_rule(), second.source, now_,
        fmt::format("The time of {} went back by {}, from {} to {}; it is usually at most {} out "
                    "of order",
                    printable_utf8(second.source, 200), spoken(step),
                    to_rfc3339(second.second + step, 0), to_rfc3339(second.second, 0),
                    spoken(log.usual_lateness)));
    finding.evidence.push_back(last_line(second.last, second.line, second.line_cut));
    finding.evidence.push_back(last_line(log.last, log.line, log.line_cut));
    out.report(std::move(finding));
}

}  // namespace kentongan::anomaly
