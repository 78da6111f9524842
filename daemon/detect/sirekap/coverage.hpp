#pragma once
// Which TPS have uploaded, and how many of each area: written by one thread, read by any.
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/detect/sirekap/register.hpp"

namespace kentongan::sirekap {

struct AreaCoverage {
    std::string code;  ///< 2, 4, 6 or 10 characters
    std::string name;
    std::uint32_t expected = 0;  ///< TPS in the register
    std::uint32_t received = 0;  ///< of these, TPS with at least one upload
};

/// One bit a TPS and one counter an area.
class Coverage {
  public:
    explicit Coverage(std::shared_ptr<const Register> list);

    /// The first upload of a TPS counts, a repeated one does not: whether it counted.
    /// One thread only.
    bool receive(std::uint32_t tps_index);

    /// Areas whose code has `code_length` characters and starts with `within`, in order of code.
    /// Any thread; each number is current, and none ever falls.
    [[nodiscard]] std::vector<AreaCoverage> snapshot(std::size_t code_length,
                                                     std::string_view within = {}) const;
    [[nodiscard]] std::optional<AreaCoverage> of(std::string_view area_code) const;
    [[nodiscard]] const Register& list() const { return *list_; }

    /// Which TPS were received, as text for a bookmark. The writing thread only.
    [[nodiscard]] std::string save() const;
    /// Takes up what save() wrote for the same register; an error when it was another one.
    /// The writing thread only.
    Result<> restore(std::string_view saved);

  private:
    [[nodiscard]] AreaCoverage at(std::size_t area) const;

    std::shared_ptr<const Register> list_;
    std::vector<std::uint8_t> bits_;
    std::vector<std::atomic<std::uint32_t>> received_;  // by position in list_->areas()
};

}  // namespace kentongan::sirekap
