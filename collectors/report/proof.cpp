#include "collectors/report/proof.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::report {

namespace {

constexpr unsigned kMostExtraBits = 8;
constexpr unsigned kMostBits = 30;
constexpr std::size_t kLongestSolution = 12;
constexpr std::size_t kSealLength = 16;

struct Parts {
    std::int64_t expires = 0;
    unsigned bits = 0;
    std::string_view sealed;  // all before the seal
    std::string_view seal;
};

std::optional<Parts> parts_of(std::string_view challenge) {
    if (challenge.size() > 64) return std::nullopt;
    Parts out;
    const auto dot = challenge.rfind('.');
    if (dot == std::string_view::npos) return std::nullopt;
    out.sealed = challenge.substr(0, dot);
    out.seal = challenge.substr(dot + 1);
    std::string_view rest = out.sealed;
    const auto expires = parse_number<std::int64_t>(take_until(rest, '.'));
    const auto bits = parse_number<unsigned>(take_until(rest, '.'));
    if (!expires || !bits || *bits > kMostBits) return std::nullopt;
    out.expires = *expires;
    out.bits = *bits;
    return out;
}

Timestamp from_seconds(std::int64_t seconds) {
    constexpr std::int64_t kMost = 9'000'000'000;
    return Timestamp{std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, kMost)}};
}

bool solves(std::string_view challenge, std::string_view solution, unsigned bits) {
    return leading_zero_bits(sha256_hex(fmt::format("{}:{}", challenge, solution))) >= bits;
}

}  // namespace

std::string_view name_of(Proof proof) {
    constexpr std::string_view kNames[] = {"good",    "missing", "malformed",
                                           "expired", "spent",   "wrong"};
    return kNames[static_cast<std::size_t>(proof)];
}

void Difficulty::note(Timestamp now) {
    const auto most = static_cast<std::size_t>(std::max(busy_, 1.0) * (1u << kMostExtraBits)) + 1;
    recent_.push_back(now);
    if (recent_.size() > most) recent_.pop_front();
}

unsigned Difficulty::bits(Timestamp now) {
    while (!recent_.empty() && recent_.front() + std::chrono::minutes{1} <= now)
        recent_.pop_front();
    const double times = static_cast<double>(recent_.size()) / std::max(busy_, 1.0);
    if (times <= 1) return base_;
    const auto extra = static_cast<unsigned>(std::ceil(std::log2(times)));
    return std::min(base_ + std::min(extra, kMostExtraBits), kMostBits);
}

Result<std::string> ProofOfWork::challenge(unsigned bits, Timestamp now) const {
    const auto nonce = random_bytes(5);
    if (!nonce) return std::unexpected(nonce.error());
    const auto expires = std::chrono::floor<std::chrono::seconds>(now + kLifetime);
    const std::string sealed = fmt::format("{}.{:02}.{}", expires.time_since_epoch().count(), bits,
                                           to_hex(as_bytes(*nonce)));
    return sealed + "." + key_.seal("challenge", sealed, kSealLength);
}

Proof ProofOfWork::judge(std::string_view challenge, std::string_view solution,
                         Timestamp now) const {
    if (challenge.empty() && solution.empty()) return Proof::missing;
    const auto parts = parts_of(challenge);
    if (!parts || !equal_secrets(key_.seal("challenge", parts->sealed, kSealLength), parts->seal))
        return Proof::malformed;
    if (from_seconds(parts->expires) <= now) return Proof::expired;
    if (spent_.contains(std::string(challenge))) return Proof::spent;
    if (solution.empty() || solution.size() > kLongestSolution) return Proof::wrong;
    return solves(challenge, solution, parts->bits) ? Proof::good : Proof::wrong;
}

void ProofOfWork::spend(std::string_view challenge, Timestamp now) {
    while (!by_expiry_.empty() &&
           (by_expiry_.front().first <= now || by_expiry_.size() >= kMostSpent)) {
        spent_.erase(by_expiry_.front().second);
        by_expiry_.pop_front();
    }
    if (spent_.emplace(challenge).second) by_expiry_.emplace_back(now + kLifetime, challenge);
}

unsigned leading_zero_bits(std::string_view hex) {
    unsigned out = 0;
    for (const char c : hex) {
        const auto digit = static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
        if (digit != 0) return out + static_cast<unsigned>(std::countl_zero(digit)) - 28;
        out += 4;
    }
    return out;
}

std::string solve(std::string_view challenge) {
    const auto parts = parts_of(challenge);
    if (!parts) return {};
    for (std::uint64_t number = 0;; ++number) {
        std::string solution = std::to_string(number);
        if (solves(challenge, solution, parts->bits)) return solution;
    }
}

}  // namespace kentongan::report
