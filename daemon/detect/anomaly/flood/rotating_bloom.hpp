#pragma once
// Whether something was seen within the last days, in fixed memory (Bloom 1970, two generations).
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::anomaly {

/// Remembers for one to two halves of `memory`. 2^25 bits, 4 MiB, a generation: with three bits a
/// key 4 million keys are told apart with 3 % error. Takes 64-bit hashes, which must be keyed. The
/// memory is taken with the first key.
class RotatingBloom {
  public:
    explicit RotatingBloom(Duration memory, unsigned log_bits = 25)
        : half_(memory / 2), mask_((std::uint64_t{1} << log_bits) - 1) {}

    [[nodiscard]] bool contains(std::uint64_t hash) const {
        if (generations_[0].empty()) return false;
        std::array<bool, 2> seen{true, true};
        const std::uint64_t step = (hash >> 32) | 1;
        for (std::uint64_t i = 0; i < 3; ++i) {
            const std::uint64_t bit = (hash + i * step * 0x9E3779B97F4A7C15u) & mask_;
            for (std::size_t g = 0; g < 2; ++g)
                seen[g] = seen[g] && (generations_[g][bit / 64] >> (bit % 64) & 1) != 0;
        }
        return seen[0] || seen[1];
    }
    /// Whether it had been seen; it now has.
    bool add(std::uint64_t hash, Timestamp time) {
        if (newer().empty()) {
            for (auto& bits : generations_) bits.assign((mask_ + 1) / 64, 0);
            since_ = time;
        }
        if (time - since_ >= half_) {
            std::swap(generations_[0], generations_[1]);
            std::fill(newer().begin(), newer().end(), std::uint64_t{0});
            since_ = time;
        }
        std::array<bool, 2> seen{true, true};
        const std::uint64_t step = (hash >> 32) | 1;
        for (std::uint64_t i = 0; i < 3; ++i) {
            const std::uint64_t bit = (hash + i * step * 0x9E3779B97F4A7C15u) & mask_;
            const std::uint64_t one = std::uint64_t{1} << (bit % 64);
            for (std::size_t g = 0; g < 2; ++g)
                seen[g] = seen[g] && (generations_[g][bit / 64] & one) != 0;
            newer()[bit / 64] |= one;
        }
        return seen[0] || seen[1];
    }

  private:
    std::vector<std::uint64_t>& newer() { return generations_[0]; }

    Duration half_;
    std::uint64_t mask_;
    Timestamp since_{};
    std::array<std::vector<std::uint64_t>, 2> generations_;
};

}  // namespace kentongan::anomaly
