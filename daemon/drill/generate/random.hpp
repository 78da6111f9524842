#pragma once
// Numbers from a seed, the same on every machine and with every standard library.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>

namespace kentongan::generate {

/// xoshiro256** by Blackman and Vigna, seeded by splitmix64.
class Random {
  public:
    explicit Random(std::uint64_t seed) {
        for (auto& word : state_) {
            seed += 0x9E3779B97F4A7C15u;
            std::uint64_t mixed = seed;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
            word = mixed ^ (mixed >> 31);
        }
    }

    std::uint64_t next() {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    /// 0 to bound - 1; the bias is far below what a test could see.
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
    }
    /// 0 <= x < 1.
    double real() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    bool chance(double probability) { return real() < probability; }
    /// Waiting time of a Poisson process with this mean.
    double exponential(double mean) { return -mean * std::log1p(-real()); }

    template <class Container>
    const auto& pick(const Container& items) {
        return items[below(std::size(items))];
    }
    std::string hex(std::size_t digits) {
        std::string out;
        for (std::size_t i = 0; i < digits; ++i) out += "0123456789abcdef"[below(16)];
        return out;
    }
    /// A random (version 4) UUID.
    std::string uuid() {
        return hex(8) + "-" + hex(4) + "-4" + hex(3) + "-" + "89ab"[below(4)] + hex(3) + "-" +
               hex(12);
    }

  private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace kentongan::generate
