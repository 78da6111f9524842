#pragma once
// HyperLogLog: how many distinct things there were, in fixed memory (Flajolet, Fusy, Gandouet and
// Meunier 2007; Heule, Nunkesser and Hall 2013). The estimate is Ertl's improved raw estimator
// ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), which needs no table of
// corrections.
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kentongan::anomaly {

/// Takes 64-bit hashes; they must be keyed (KeyedHash), or a sender chooses the count. Standard
/// error 1.04/√2^p: p 12 is 1.6 % in 4 KiB, p 14 is 0.8 % in 16 KiB. Up to 256 registers in use it
/// is a sorted list of 4 bytes each. Never subtract two of them.
class HyperLogLog {
  public:
    /// One register: index << 8 | rank.
    using Register = std::uint32_t;

    /// `precision` 4 to 16.
    explicit HyperLogLog(unsigned precision = 12);

    [[nodiscard]] static Register register_of(std::uint64_t hash, unsigned precision);
    void add(std::uint64_t hash) { add_register(register_of(hash, precision_)); }
    /// A register made with the same precision; one out of range is left out.
    void add_register(Register which);
    void clear();

    [[nodiscard]] double estimate() const;
    [[nodiscard]] bool sparse() const { return dense_.empty(); }

  private:
    void densify();
    void raise(std::size_t index, std::uint8_t rank);

    unsigned precision_;
    std::vector<Register> sparse_;
    std::vector<std::uint8_t> dense_;
};

}  // namespace kentongan::anomaly
