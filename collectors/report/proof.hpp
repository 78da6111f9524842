#pragma once
// Proof of work: a sender spends some of a processor's time on a puzzle that we sealed and do not
// remember (Hashcash, Back 2002). It costs a person a second, and a flood a data centre.
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>

#include "collectors/report/secret_key.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::report {

enum class Proof {
    good,
    missing,
    malformed,  ///< no challenge of ours
    expired,
    spent,  ///< used before
    wrong,  ///< the number does not solve it
};
[[nodiscard]] std::string_view name_of(Proof proof);

/// How hard puzzles are just now: `base` bits, and one more with each doubling of reports a minute
/// beyond `busy`, up to 8 more. One thread.
class Difficulty {
  public:
    Difficulty(unsigned base, double busy_per_minute) : base_(base), busy_(busy_per_minute) {}
    /// A report was sent, taken or not.
    void note(Timestamp now);
    [[nodiscard]] unsigned bits(Timestamp now);

  private:
    unsigned base_;
    double busy_;
    std::deque<Timestamp> recent_;  // at most what matters
};

/// A challenge is "EXPIRES.BITS.NONCE.SEAL", 41 characters; its solution is a decimal number such
/// that SHA-256("CHALLENGE:NUMBER") begins with BITS zero bits. The two fit one block of SHA-256.
/// Each challenge is good once, for half an hour. One thread.
class ProofOfWork {
  public:
    static constexpr std::chrono::minutes kLifetime{30};
    static constexpr std::size_t kMostSpent = 100'000;  ///< remembered; then the oldest goes

    explicit ProofOfWork(SecretKey key) : key_(std::move(key)) {}

    [[nodiscard]] Result<std::string> challenge(unsigned bits, Timestamp now) const;
    /// Does not spend it, so that a person may mend a form and send it again.
    [[nodiscard]] Proof judge(std::string_view challenge, std::string_view solution,
                              Timestamp now) const;
    void spend(std::string_view challenge, Timestamp now);

  private:
    SecretKey key_;
    std::unordered_set<std::string> spent_;
    std::deque<std::pair<Timestamp, std::string>> by_expiry_;
};

/// How many zero bits a digest in hex begins with.
[[nodiscard]] unsigned leading_zero_bits(std::string_view hex);
/// The least number that solves a challenge; for tests and programs that send reports.
[[nodiscard]] std::string solve(std::string_view challenge);

}  // namespace kentongan::report
