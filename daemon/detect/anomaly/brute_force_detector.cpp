// Windows over the logins of each source.
#include "daemon/detect/anomaly/brute_force_detector.hpp"

#include <fmt/format.h>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::anomaly {

namespace {

constexpr std::size_t kSprayedUsers = 20;
constexpr Duration kSprayWindow = std::chrono::minutes{10};
constexpr Duration kGuessMemory = std::chrono::minutes{30};
constexpr double kCrowdShare = 0.6;
constexpr std::size_t kReportedUsers = 64;

std::string user_of(const Event& event) {
    const std::string_view user = event.text(Field::user_name);
    return user.empty() ? "an unknown user" : fmt::format("'{}'", printable_utf8(user, 64));
}

Finding finding_about(const RulePointer& rule, const IpAddress& source, const Event& event,
                      std::string message) {
    Finding out = finding_of(rule, event, std::move(message));
    out.entity = source.to_string();
    return out;
}

auto teller(FindingSink& out) {
    return [&out](const IpAddress&, Timestamp time, Finding finding, std::uint64_t count) {
        finding.time = time;
        finding.count = count;
        out.report(std::move(finding));
    };
}

}  // namespace

BruteForceDetector::BruteForceDetector(const AnomalyOptions& options)
    : window_(std::chrono::seconds{std::max<std::int64_t>(options.brute_force_window_seconds, 1)}),
      hash_(options.seed),
      sources_(options.table_entries, std::max(window_, kGuessMemory), options.seed),
      guessing_(options.table_entries, window_, options.seed),
      spraying_(options.table_entries, kSprayWindow, options.seed) {
    tune(options);
}

void BruteForceDetector::tune(const AnomalyOptions& options) {
    failures_ = static_cast<std::size_t>(std::max<std::int64_t>(options.brute_force_failures, 1));
}

void BruteForceDetector::inspect(const Event& event, FindingSink& out) {
    const auto address = event.ip(Field::source_ip);
    const std::string_view outcome = event.text(Field::event_outcome);
    const bool failed = outcome == "failure";
    if (!address || (!failed && outcome != "success")) return;
    sources_.expire(event.time);
    Source& source = sources_.touch(*address, event.time).value;
    const bool again = source.told.repeats(event, attempts_evicted_);
    if (!again) {
        source.recent.add(event.time, !failed, window_);
        source.long_run.add(event.time, !failed, kSprayWindow);
    }
    if (failed)
        failure(*address, source, event, again, out);
    else if (!again || !event.text(Field::user_name).empty())
        success(*address, source, event, out);
}

void BruteForceDetector::advance(Timestamp now, FindingSink& out) {
    sources_.expire(now);
    guessing_.advance(now, teller(out));
    spraying_.advance(now, teller(out));
}

std::uint64_t BruteForceDetector::evicted() const {
    return sources_.evicted() + guessing_.evicted() + spraying_.evicted() + attempts_evicted_;
}

bool BruteForceDetector::guesses(const Source& source, Timestamp now) const {
    return source.failures.full_within(window_, failures_) &&
           source.recent.success_share(now, window_) <= kCrowdShare;
}

bool BruteForceDetector::sprays(const Source& source, Timestamp now) const {
    return source.users.count(now - kSprayWindow) >= kSprayedUsers &&
           source.long_run.success_share(now, kSprayWindow) <= kCrowdShare;
}

void BruteForceDetector::failure(const IpAddress& address, Source& source, const Event& event,
                                 bool again, FindingSink& out) {
    if (!again) {
        ++source.failed;
        source.failures.add(event.time, failures_);
    }
    if (const auto user = event.text(Field::user_name); !user.empty())
        source.users.add(static_cast<std::uint32_t>(hash_(user)), event.time, false, kSprayedUsers);
    if (!again && guesses(source, event.time)) note_guessing(address, source, event, out);
    if (sprays(source, event.time)) note_spraying(address, source, event, again, out);
}

void BruteForceDetector::note_guessing(const IpAddress& address, Source& source, const Event& event,
                                       FindingSink& out) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(window_).count();
    const bool first = !guessing_.ongoing(address);
    source.guessing = event.time;
    guessing_.note(address, event.time,
                   finding_about(brute_force_rule(), address, event,
                                 fmt::format("{} or more failed logins from {} within {} s, {} "
                                             "in all, the last for {}",
                                             failures_, address.to_string(), seconds, source.failed,
                                             user_of(event))),
                   first ? failures_ : 1, teller(out));
}

void BruteForceDetector::note_spraying(const IpAddress& address, Source& source, const Event& event,
                                       bool again, FindingSink& out) {
    const bool first = !spraying_.ongoing(address);
    if (again && !first) return;
    source.guessing = event.time;
    spraying_.note(address, event.time,
                   finding_about(password_spraying_rule(), address, event,
                                 fmt::format("Failed logins of {} or more users from {} within "
                                             "10 minutes, the last for {}",
                                             kSprayedUsers, address.to_string(), user_of(event))),
                   first ? kSprayedUsers : 1, teller(out));
}

void BruteForceDetector::success(const IpAddress& address, Source& source, const Event& event,
                                 FindingSink& out) {
    if (source.guessing == Timestamp::min() || event.time - source.guessing > kGuessMemory) return;
    const auto user = static_cast<std::uint32_t>(hash_(event.text(Field::user_name)));
    if (!source.reported.add(user, event.time, false, kReportedUsers)) return;
    out.report(
        finding_about(login_after_guessing_rule(), address, event,
                      fmt::format("Login of {} from {} succeeded after {} failed logins from there",
                                  user_of(event), address.to_string(), source.failed)));
}

}  // namespace kentongan::anomaly
