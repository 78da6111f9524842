#pragma once
// Alerts of an election month for the bench: 200 rules of unequal frequency, a few million sources.
#include <random>

#include "daemon/alert/alert.hpp"

namespace kentongan::bench {

class AlertMaker {
  public:
    /// `total` alerts are spread evenly over 30 days.
    explicit AlertMaker(std::uint64_t total);
    [[nodiscard]] Alert next();
    [[nodiscard]] static Timestamp begin() { return *parse_rfc3339("2024-11-01T00:00:00Z"); }

  private:
    [[nodiscard]] std::size_t skewed(std::size_t size);

    std::uint64_t total_;
    std::uint64_t made_ = 0;
    std::mt19937_64 random_{20241127};
    std::vector<std::shared_ptr<const Rule>> rules_;
};

}  // namespace kentongan::bench
