// Registers and the estimate.
#include "daemon/detect/anomaly/series/hyperloglog.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace kentongan::anomaly {

namespace {

constexpr std::size_t kSparse = 256;

/// Ertl 2017, algorithm 6: σ and τ correct for registers that are empty or full.
double sigma(double x) {
    if (x == 1) return HUGE_VAL;
    double y = 1;
    double z = x;
    for (double before = -1; z != before;) {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    }
    return z;
}
double tau(double x) {
    if (x == 0 || x == 1) return 0;
    double y = 1;
    double z = 1 - x;
    for (double before = -1; z != before;) {
        x = std::sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    }
    return z / 3;
}

}  // namespace

HyperLogLog::HyperLogLog(unsigned precision) : precision_(std::clamp(precision, 4U, 16U)) {}

HyperLogLog::Register HyperLogLog::register_of(std::uint64_t hash, unsigned precision) {
    const auto index = static_cast<std::uint32_t>(hash >> (64 - precision));
    const std::uint64_t rest = hash << precision | std::uint64_t{1} << (precision - 1);
    return index << 8 | static_cast<std::uint32_t>(std::countl_zero(rest) + 1);
}

void HyperLogLog::add_register(Register which) {
    const std::size_t index = which >> 8;
    const auto rank = static_cast<std::uint8_t>(which);
    if (index >> precision_ != 0 || rank > 64 - precision_ + 1) return;
    if (!sparse()) return raise(index, rank);
    const auto place = std::ranges::lower_bound(sparse_, index << 8);
    if (place != sparse_.end() && *place >> 8 == index) {
        *place = std::max(*place, which);
        return;
    }
    sparse_.insert(place, which);
    if (sparse_.size() > std::min(kSparse, std::size_t{1} << precision_ >> 1)) densify();
}

void HyperLogLog::raise(std::size_t index, std::uint8_t rank) {
    dense_[index] = std::max(dense_[index], rank);
}

void HyperLogLog::densify() {
    dense_.assign(std::size_t{1} << precision_, 0);
    for (const Register which : sparse_) raise(which >> 8, static_cast<std::uint8_t>(which));
    sparse_ = {};
}

void HyperLogLog::clear() {
    sparse_.clear();
    dense_.clear();
}

double HyperLogLog::estimate() const {
    const std::size_t top = 64 - precision_ + 1;
    std::array<std::size_t, 66> having{};  // registers by rank
    for (const Register which : sparse_) ++having[which & 0xFF];
    for (const std::uint8_t rank : dense_) ++having[rank];
    const auto m = static_cast<double>(std::size_t{1} << precision_);
    if (sparse()) having[0] = (std::size_t{1} << precision_) - sparse_.size();
    double z = m * tau(1 - static_cast<double>(having[top]) / m);
    for (std::size_t rank = top - 1; rank >= 1; --rank)
        z = 0.5 * (z + static_cast<double>(having[rank]));
    z += m * sigma(static_cast<double>(having[0]) / m);
    return m * m / (2 * std::log(2.0) * z);
}

}  // namespace kentongan::anomaly
