#include "collectors/report/gate.hpp"

#include "collectors/report/client.hpp"

namespace kentongan::report {

namespace {

constexpr double kPriceOfAFault = 0.25;
const std::string kEverybody;

std::string key_of(const IpAddress& client) {
    const auto& bytes = network_of(client).bytes();
    return {bytes.begin(), bytes.end()};
}

std::optional<Refusal> refusal_of(Proof proof) {
    switch (proof) {
        case Proof::good:
        case Proof::missing:
            return std::nullopt;
        case Proof::expired:
            return Refusal{"proof_expired", "refused_proof_expired"};
        case Proof::spent:
            return Refusal{"proof_spent", "refused_proof_spent"};
        case Proof::malformed:
            return Refusal{"proof_malformed", "refused_proof_wrong"};
        case Proof::wrong:
            return Refusal{"proof_wrong", "refused_proof_wrong"};
    }
    return std::nullopt;
}

}  // namespace

Gate::Gate(const LimitOptions& options, const SecretKey& key)
    : difficulty_(options.difficulty, options.busy_per_minute),
      proofs_(key),
      networks_(options.per_hour, options.networks),
      unproven_(options.per_hour_without_proof, options.networks),
      all_unproven_(options.unproven_per_hour, 1),
      contacts_(options.contact_per_hour, options.networks) {}

std::optional<Refusal> Gate::glance(const IpAddress& client, Timestamp now) {
    if (const auto wait = networks_.wait(key_of(client), kPriceOfAFault, now)) {
        difficulty_.note(now);
        return Refusal{"rate", "refused_rate", *wait};
    }
    return std::nullopt;
}

std::optional<Refusal> Gate::pass(const Sender& sender, Timestamp now) {
    difficulty_.note(now);
    const Proof proof = proofs_.judge(sender.challenge, sender.solution, now);
    if (auto refusal = refusal_of(proof)) return refusal;
    const std::string network = key_of(sender.client);
    if (const auto wait = networks_.wait(network, 1, now))
        return Refusal{"rate", "refused_rate", *wait};
    if (!sender.contact.empty())
        if (const auto wait = contacts_.take(sender.contact, 1, now))
            return Refusal{"contact", "refused_contact", *wait};
    if (proof == Proof::missing)
        if (auto refusal = pass_without_proof(network, now)) return refusal;
    (void)networks_.take(network, 1, now);
    if (proof == Proof::good) proofs_.spend(sender.challenge, now);
    return std::nullopt;
}

std::optional<Refusal> Gate::pass_without_proof(const std::string& network, Timestamp now) {
    auto wait = unproven_.take(network, 1, now);
    if (!wait) wait = all_unproven_.take(kEverybody, 1, now);
    if (!wait) return std::nullopt;
    return Refusal{"rate_without_proof", "refused_rate_without_proof", *wait};
}

void Gate::charge(const IpAddress& client, Timestamp now) {
    (void)networks_.take(key_of(client), kPriceOfAFault, now);
}

Result<std::string> Gate::challenge(Timestamp now) {
    return proofs_.challenge(difficulty_.bits(now), now);
}

std::uint64_t Gate::evicted() const {
    return networks_.evicted() + unproven_.evicted() + contacts_.evicted();
}

}  // namespace kentongan::report
