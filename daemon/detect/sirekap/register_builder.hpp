#pragma once
// Builds a register TPS by TPS, from whichever form of list.
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/sirekap/register.hpp"

namespace kentongan::sirekap {

inline constexpr std::array<std::size_t, 4> kAreaLengths{2, 4, 6, 10};
/// Numbers of TPS in a kelurahan: the last three digits of a code.
inline constexpr std::uint64_t kNumbers = 1000;

/// Used once: add everything, then finish().
class RegisterBuilder {
  public:
    static constexpr std::uint16_t kVotersUnknown = UINT16_MAX;

    /// What follows comes from this file.
    void begin_file(std::string_view file);
    /// "TPS register FILE:LINE: …"; line 0 is left out.
    template <class... Args>
    std::unexpected<Error> fail_at(std::uint32_t line, fmt::format_string<Args...> format,
                                   Args&&... args) const {
        return fail(ErrorCode::data, "TPS register {}: {}", place(Place{current(), line}),
                    fmt::format(format, std::forward<Args>(args)...));
    }

    [[nodiscard]] Result<> add(std::string_view code, std::uint32_t line,
                               std::uint16_t voters = kVotersUnknown);
    /// The first name of an area counts.
    void name(std::string_view code, std::string_view name);

    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    /// Sorts, refuses a TPS listed twice and an empty register.
    [[nodiscard]] Result<Register> finish();

  private:
    struct Place {
        std::uint32_t file = 0;
        std::uint32_t line = 0;
    };
    struct Entry {
        TpsCode tps;
        Place place;
        std::uint16_t voters = kVotersUnknown;
    };

    [[nodiscard]] std::uint32_t current() const {
        return files_.empty() ? 0 : static_cast<std::uint32_t>(files_.size() - 1);
    }
    [[nodiscard]] std::string place(Place at) const;
    [[nodiscard]] Result<> check_unique() const;
    void add_to_areas(std::uint32_t index);
    void link_areas();
    [[nodiscard]] std::string name_of(const std::string& code) const;

    std::vector<std::string> files_;
    std::vector<Entry> entries_;
    std::map<std::string, std::string, std::less<>> names_;
    bool has_voters_ = false;
    Register register_;
    std::array<std::size_t, 4> open_{SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
};

/// Adds what a CSV holds, in the forms of Register::parse().
[[nodiscard]] Result<> read_register_csv(std::string_view csv, RegisterBuilder& out);
/// Adds what one file of Sirekap's region list holds: an array of
/// {"nama": text, "id": number, "kode": text, "tingkat": 1 to 5}; other keys are passed over.
[[nodiscard]] Result<> read_wilayah(std::string_view json, RegisterBuilder& out);

}  // namespace kentongan::sirekap
