#pragma once
// The few distributions the tests on numbers need (Boost.Math), and false discovery control.
#include <cstdint>
#include <vector>

namespace kentongan::sirekap::numbers {

/// P(X >= k) of a binomial with n trials. p within 0 and 1.
[[nodiscard]] double binomial_upper_tail(std::uint64_t n, std::uint64_t k, double p);
/// P of a result at least as unlikely, on either side: twice the smaller tail, at most 1.
[[nodiscard]] double binomial_two_sided(std::uint64_t n, std::uint64_t k, double p);
/// P(X >= k) of a Poisson with this mean.
[[nodiscard]] double poisson_upper_tail(std::uint64_t k, double mean);
/// P(X >= x) of a chi-square.
[[nodiscard]] double chi_square_upper_tail(double x, double degrees);

/// Which hypotheses are rejected at false discovery rate q (Benjamini and Hochberg, 1995), in the
/// order of `p`.
[[nodiscard]] std::vector<bool> benjamini_hochberg(const std::vector<double>& p, double q);

}  // namespace kentongan::sirekap::numbers
