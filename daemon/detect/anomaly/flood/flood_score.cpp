// Conditions, weights and verdicts of the ten signs.
#include "daemon/detect/anomaly/flood/flood_score.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string_view>

namespace kentongan::anomaly {

namespace {

constexpr std::uint32_t kWarmUp = 36;
constexpr std::uint32_t kThaw = 360;  // an hour of bins: what stays that long is usual after all
constexpr double kSmoothing = 0.05;
constexpr unsigned kLastSix = 0b111111;
constexpr int kThreeOfSix = 3;
constexpr double kTimes = 3;
constexpr double kExpectedTimes = 20;  // M of the election night
constexpr double kReach = 6;
constexpr double kOneClient = 0.2;
constexpr double kFewerAnswered = 0.08;
constexpr std::size_t kClients = 256;
constexpr double kLeastShare = 0.002;

struct Sign {
    double weight;
    int family;  // 0 source, 1 client, 2 server
    std::string_view words;
};
constexpr std::array<Sign, 9> kTable{{{1.5, 0, "networks not seen in a week"},
                                      {1, 0, "spread over networks changed"},
                                      {1, 0, "rate of single sources"},
                                      {1, 2, "fewer requests succeed"},
                                      {1.5, 1, "pages without their assets"},
                                      {1.5, 1, "one client program in most requests"},
                                      {1, 1, "one address, or queries never seen"},
                                      {1, 0, "fewer from the country's networks"},
                                      {1.5, 2, "handshakes not completed"}}};

bool rises(const std::optional<double>& now, double usual, double by) {
    return now && *now > usual + by;
}
bool falls(const std::optional<double>& now, double usual, double by) {
    return now && *now < usual - by;
}

}  // namespace

void FloodScore::Usual::learn(double x, bool hold) {
    if (hold && held < kThaw) {
        ++held;
        return;
    }
    held = hold ? held : 0;
    ++samples;
    value += std::max(kSmoothing, 1.0 / samples) * (x - value);
}

/// One fingerprint's share rises by a fifth, though another may still be the commonest.
bool FloodScore::has_new_client(const FloodMeasures& now) const {
    return std::ranges::any_of(now.clients, [&](const auto& client) {
        const auto usual = usual_clients_.find(client.first);
        return client.second > kOneClient + (usual == usual_clients_.end() ? 0 : usual->second);
    });
}

void FloodScore::learn_clients(const FloodMeasures& now) {
    if (now.clients.empty()) return;
    const double weight = std::max(kSmoothing, 1.0 / std::max(top_client_.samples, 1u));
    for (auto& [hash, share] : usual_clients_) share *= 1 - weight;
    std::erase_if(usual_clients_, [](const auto& client) { return client.second < kLeastShare; });
    for (const auto& [hash, share] : now.clients)
        if (usual_clients_.size() < kClients || usual_clients_.contains(hash))
            usual_clients_[hash] += weight * share;
}

std::array<bool, FloodScore::kSigns> FloodScore::signs_of(const FloodMeasures& now) {
    std::array<bool, kSigns> out{};
    out[0] = new_sources_.known() && rises(now.new_sources, new_sources_.value, 0.3);
    if (entropy_.known() && now.entropy) {
        const double deviation = std::max(std::sqrt(entropy_spread_.value), 0.02);
        const double off = *now.entropy - entropy_.value;  // with a crowd it rises a little
        out[1] = off < -std::max(4 * deviation, 0.1) || off > std::max(4 * deviation, 0.15);
    }
    if (median_rate_.known() && now.median_rate)
        out[2] = *now.median_rate >= 5 * median_rate_.value ||
                 *now.top_rate >= 5 * top_rate_.value ||
                 (*now.rate_variation < 0.2 && *now.median_rate >= 3);
    const double spread = std::sqrt(answered_spread_.value);
    out[3] = answered_.known() &&
             falls(now.answered, answered_.value, std::max(kFewerAnswered, 4 * spread));
    const bool with_assets = assets_.known() && assets_.value >= 0.5;
    out[4] = with_assets && now.assets && *now.assets < assets_.value / 2;
    out[5] = top_client_.known() &&
             (rises(now.top_client, top_client_.value, kOneClient) || has_new_client(now));
    out[6] = (now.top_path && *now.top_path > 0.8 && out[4]) ||
             (new_queries_.known() && rises(now.new_queries, new_queries_.value, 0.3));
    out[7] = access_.known() && falls(now.access, access_.value, 0.2);
    out[8] = now.completed && *now.completed < 0.7;
    return out;
}

void FloodScore::learn(const FloodMeasures& now, const std::array<bool, kSigns>& signs, bool hold) {
    const auto take = [](Usual& usual, const std::optional<double>& x, bool held) {
        if (x) usual.learn(*x, held);
    };
    take(new_sources_, now.new_sources, hold || signs[0]);
    if (now.entropy) {
        const double off = *now.entropy - entropy_.value;
        if (entropy_.samples > 5) entropy_spread_.learn(off * off, hold || signs[1]);
        entropy_.learn(*now.entropy, hold || signs[1]);
    }
    take(median_rate_, now.median_rate, hold || signs[2]);
    take(top_rate_, now.top_rate, hold || signs[2]);
    if (now.answered) {
        const double off = *now.answered - answered_.value;
        if (answered_.samples > 5) answered_spread_.learn(off * off, hold || signs[3]);
        answered_.learn(*now.answered, hold || signs[3]);
    }
    take(assets_, now.assets, hold || signs[4]);
    take(top_client_, now.top_client, hold || signs[5]);
    if (!hold && !signs[5]) learn_clients(now);
    take(new_queries_, now.new_queries, hold || signs[6]);
    take(access_, now.access, hold || signs[7]);
    const bool high = (high_ & 1) != 0;
    requests_.learn(now.requests, hold || high);
    sources_.learn(now.sources, hold || high);
}

FloodScore::Reading FloodScore::add(const FloodMeasures& now, bool expected) {
    Reading out;
    out.usual = requests_.value;
    const bool judged = ++bins_ > kWarmUp;
    const auto signs = judged ? signs_of(now) : std::array<bool, kSigns>{};
    std::array<bool, 3> families{};
    for (std::size_t i = 0; i < kSigns; ++i) {
        history_[i] =
            static_cast<std::uint8_t>((history_[i] * 2u + (signs[i] ? 1u : 0u)) & kLastSix);
        if (std::popcount(history_[i]) < kThreeOfSix) continue;
        out.score += kTable[i].weight;
        families[static_cast<std::size_t>(kTable[i].family)] = true;
        out.signs += (out.signs.empty() ? "" : ", ") + std::string(kTable[i].words);
    }
    const double most = kTimes * kExpectedTimes;
    if (expected && now.requests < most * requests_.value && now.sources < most * sources_.value)
        out.score = std::max(0.0, out.score - 1);
    const double z = judged ? rate_.score(std::log1p(now.requests)) : 0;
    const bool high = z > 4 && now.requests > kTimes * requests_.value;
    high_ = static_cast<std::uint8_t>((high_ * 2u + (high ? 1u : 0u)) & kLastSix);
    cusum_ = std::max(0.0, cusum_ + std::clamp(z, -kReach, kReach) - 0.5);
    const bool stays_high = std::popcount(high_) >= kThreeOfSix;
    if (out.score >= 4 && stays_high && families[0] + families[1] + families[2] >= 2)
        out.verdict = FloodVerdict::attack;
    else if (out.score >= 2 && cusum_ > 5 && now.requests > kTimes * requests_.value)
        out.verdict = FloodVerdict::warning;
    else if (out.score < 2 && stays_high)
        out.verdict = FloodVerdict::crowd;
    cusum_ = std::min(cusum_, 4 * kReach);
    const bool hold = judged && out.score >= 2;
    learn(now, signs, hold);
    if (!hold) static_cast<void>(rate_.add(std::log1p(now.requests)));
    return out;
}

}  // namespace kentongan::anomaly
