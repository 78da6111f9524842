#pragma once
// Finds when the failed logins of all logs together take an unusual share: guessing from so many
// sources that no single one stands out.
#include <array>
#include <cstdint>

#include "daemon/detect/anomaly/series/bins.hpp"
#include "daemon/detect/anomaly/series/ewma.hpp"
#include "daemon/detect/anomaly/tunable.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// Logins are added up over a minute (the setting of all series); a minute with fewer than 20 is no
/// sample. The share of failures alarms at 6 standard deviations of its exponential average (a
/// setting), when it is at least a tenth above it; told once in ten minutes.
class LoginRatioDetector final : public Detector, public Tunable {
  public:
    explicit LoginRatioDetector(const AnomalyOptions& options);
    void tune(const AnomalyOptions& options) override;

    [[nodiscard]] std::string_view name() const override { return "anomaly.login-ratio"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    void inspect(const LogSecond& second, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::span<const Count> counts() const override { return counts_; }

  private:
    void close_bin(FindingSink& out);

    Bins bins_;
    EwmaZ share_;
    std::uint64_t failed_ = 0;
    std::uint64_t succeeded_ = 0;
    std::uint64_t most_ = 0;  // failures in one second of one log, and which
    std::string_view log_;
    Timestamp told_ = Timestamp::min();
    std::array<Count, 1> counts_{{{"late"}}};
};

}  // namespace kentongan::anomaly
