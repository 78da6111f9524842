#pragma once
// The score of one service: how many of ten signs say that what comes is no crowd.
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "daemon/detect/anomaly/flood/flood_bin.hpp"
#include "daemon/detect/anomaly/series/ewma.hpp"
#include "daemon/detect/anomaly/series/robust_z.hpp"

namespace kentongan::anomaly {

enum class FloodVerdict : std::uint8_t { ordinary, crowd, warning, attack };

/// S is the sum of the weights of the signs that were there in three of the last six bins. Bins of
/// ten seconds in order; the usual values of the measures are learnt while S < 2 and a sign is not
/// there, so an attack does not become usual. No verdict in the first 36 bins. Attack: S >= 4 of at
/// least two families of signs (source, client, server), three times the usual rate and a robust z
/// above 4 in three of six bins. Warning: S >= 2 and the rate's CUSUM above 5. Crowd: the rate
/// alone.
class FloodScore {
  public:
    struct Reading {
        FloodVerdict verdict = FloodVerdict::ordinary;
        double score = 0;
        double usual = 0;   ///< requests of a bin
        std::string signs;  ///< those that count, in words
    };
    /// `expected`: the hours after the polls close, when twenty times as much is expected.
    Reading add(const FloodMeasures& now, bool expected);

  private:
    static constexpr std::size_t kSigns = 9;
    struct Usual {
        double value = 0;
        std::uint32_t samples = 0;
        std::uint32_t held = 0;  // bins not learnt in a row
        void learn(double x, bool hold);
        [[nodiscard]] bool known() const { return samples >= 30; }
    };

    [[nodiscard]] bool has_new_client(const FloodMeasures& now) const;
    void learn_clients(const FloodMeasures& now);
    [[nodiscard]] std::array<bool, kSigns> signs_of(const FloodMeasures& now);
    void learn(const FloodMeasures& now, const std::array<bool, kSigns>& signs, bool hold);

    std::uint32_t bins_ = 0;
    std::array<std::uint8_t, kSigns> history_{};  // one bit a bin, the newest lowest
    std::uint8_t high_ = 0;                       // bins of a high rate
    double cusum_ = 0;
    RobustZ rate_{128};
    Usual requests_, sources_, new_sources_, entropy_, entropy_spread_, median_rate_, top_rate_,
        answered_, answered_spread_, assets_, top_client_, new_queries_, access_;
    std::map<std::uint64_t, double> usual_clients_;  // share of each fingerprint, at most 256
};

}  // namespace kentongan::anomaly
