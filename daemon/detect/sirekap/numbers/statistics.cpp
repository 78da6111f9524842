// Tails of distributions.
#include "daemon/detect/sirekap/numbers/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/poisson.hpp>

namespace kentongan::sirekap::numbers {

double binomial_upper_tail(std::uint64_t n, std::uint64_t k, double p) {
    if (k == 0) return 1;
    if (k > n) return 0;
    const boost::math::binomial_distribution<> trials{static_cast<double>(n),
                                                      std::clamp(p, 0.0, 1.0)};
    return boost::math::cdf(boost::math::complement(trials, static_cast<double>(k - 1)));
}

double binomial_two_sided(std::uint64_t n, std::uint64_t k, double p) {
    const double above = binomial_upper_tail(n, k, p);
    const double below = 1 - binomial_upper_tail(n, k + 1, p);
    return std::min(1.0, 2 * std::min(above, std::max(below, 0.0)));
}

double poisson_upper_tail(std::uint64_t k, double mean) {
    if (k == 0) return 1;
    if (!(mean > 0)) return 0;
    const boost::math::poisson_distribution<> counts{mean};
    return boost::math::cdf(boost::math::complement(counts, static_cast<double>(k - 1)));
}

double chi_square_upper_tail(double x, double degrees) {
    if (!(x > 0)) return 1;
    const boost::math::chi_squared_distribution<> distribution{degrees};
    return boost::math::cdf(boost::math::complement(distribution, x));
}

std::vector<bool> benjamini_hochberg(const std::vector<double>& p, double q) {
    std::vector<double> sorted = p;
    std::ranges::sort(sorted);
    double limit = -1;
    for (std::size_t i = 0; i < sorted.size(); ++i)
        if (sorted[i] <= q * static_cast<double>(i + 1) / static_cast<double>(sorted.size()))
            limit = sorted[i];
    std::vector<bool> out;
    for (const double one : p) out.push_back(one <= limit);
    return out;
}

}  // namespace kentongan::sirekap::numbers
