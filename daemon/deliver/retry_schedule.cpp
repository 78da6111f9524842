#include "daemon/deliver/retry_schedule.hpp"

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

constexpr std::array<std::chrono::seconds, 5> kQuick{
    std::chrono::seconds{1}, std::chrono::seconds{2}, std::chrono::seconds{5},
    std::chrono::seconds{10}, std::chrono::seconds{30}};
constexpr std::size_t kDetailBytes = 1024;

// splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
std::uint64_t mixed(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15u;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

bool is_rejection(int status) { return status == 400 || status == 413 || status == 422; }

std::string detail_of(const Result<Receipt>& answer) {
    if (!answer) return printable_utf8(answer.error().message, kDetailBytes);
    std::string text = fmt::format("HTTP {}", answer->status);
    if (answer->status / 100 == 3) text += " (redirects are not followed)";
    if (answer->status == 410) text += " (the endpoint was taken down)";
    const std::string_view body = trim(answer->body);
    if (!body.empty()) text.append(": ").append(body);
    return printable_utf8(text, kDetailBytes);
}

}  // namespace

Duration RetrySchedule::pause(std::int64_t sequence, int attempts) const {
    const auto step = static_cast<std::size_t>(std::max(attempts, 1) - 1);
    const auto base =
        step < kQuick.size() ? std::min(kQuick[step], policy_.longest) : policy_.longest;
    const std::uint64_t random =
        mixed(policy_.seed ^ mixed(static_cast<std::uint64_t>(sequence) << 20 |
                                   static_cast<std::uint32_t>(attempts)));
    const double unit = static_cast<double>(random >> 11) / static_cast<double>(1ull << 53);
    return std::chrono::duration_cast<Duration>(base * (0.8 + 0.4 * unit));
}

Verdict RetrySchedule::judge(const Result<Receipt>& answer, const AttemptHistory& history) const {
    using State = DeliveryOutcome::State;
    Verdict verdict;
    verdict.detail = detail_of(answer);
    if (answer && answer->status / 100 == 2) {
        verdict.state = State::delivered;
        return verdict;
    }
    verdict.rejected = answer && is_rejection(answer->status);
    verdict.gone = answer && answer->status == 410;
    if ((verdict.rejected && history.rejections + 1 >= policy_.rejections) ||
        history.age > policy_.give_up) {
        verdict.state = State::dead;
        return verdict;
    }
    verdict.wait = pause(history.sequence, history.attempts);
    if (answer && answer->retry_after)
        verdict.wait = std::max<Duration>(verdict.wait,
                                          std::min(*answer->retry_after, policy_.retry_after_cap));
    return verdict;
}

}  // namespace kentongan
