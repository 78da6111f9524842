#pragma once
// Gate: who may report now. All limits together, decided without sockets or a clock of its own.
#include <optional>

#include "collectors/report/options.hpp"
#include "collectors/report/proof.hpp"
#include "collectors/report/token_buckets.hpp"

namespace kentongan::report {

/// Why somebody is told to come again, and when. `reason` is a label of the metric.
struct Refusal {
    std::string_view reason;  ///< rate, rate_without_proof, contact, or proof_ and how it failed
    std::string_view text;    ///< key of the text that says what to do
    Duration retry_after{};   ///< zero: at once, after what the text says
};

/// One thread.
class Gate {
  public:
    Gate(const LimitOptions& options, const SecretKey& key);

    /// Before the body is read: only whether the sender's network has nothing left.
    [[nodiscard]] std::optional<Refusal> glance(const IpAddress& client, Timestamp now);

    struct Sender {
        IpAddress client{};
        std::string contact{};  ///< pseudonym; empty when none was given
        std::string_view challenge{};
        std::string_view solution{};
    };
    /// Whether a report that is otherwise in order is taken; spends the sender's tokens and proof.
    [[nodiscard]] std::optional<Refusal> pass(const Sender& sender, Timestamp now);
    /// What was sent and could not be a report costs its network a quarter of one.
    void charge(const IpAddress& client, Timestamp now);

    [[nodiscard]] Result<std::string> challenge(Timestamp now);
    [[nodiscard]] unsigned difficulty(Timestamp now) { return difficulty_.bits(now); }
    [[nodiscard]] std::uint64_t evicted() const;

  private:
    [[nodiscard]] std::optional<Refusal> pass_without_proof(const std::string& network,
                                                            Timestamp now);

    Difficulty difficulty_;
    ProofOfWork proofs_;
    TokenBuckets networks_;
    TokenBuckets unproven_;
    TokenBuckets all_unproven_;
    TokenBuckets contacts_;
};

}  // namespace kentongan::report
