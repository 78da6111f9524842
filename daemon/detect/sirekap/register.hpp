#pragma once
// The register of TPS: which exist, what the areas above them are called and how many TPS each has.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/sirekap/tps_code.hpp"

namespace kentongan::sirekap {

/// Immutable once loaded; safe from any thread. Eight bytes a TPS, and the areas.
class Register {
  public:
    static constexpr std::size_t kMaximumTps = 2'000'000;

    /// An area at one of the four levels; its TPS are those of index `begin` to `end`.
    struct Area {
        std::string code;  ///< 2, 4, 6 or 10 characters
        std::string name;  ///< empty when the list does not say
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        [[nodiscard]] std::uint32_t tps() const { return end - begin; }
    };

    /// Reads one of two lists, told apart by the first line:
    /// - a line a kelurahan, as published by Sirekap: kode_kel,nama_kab,nama_kec,nama_kel,
    ///   jumlah_tps,tps_suffixes with suffixes such as "001-044 901" (the count must agree);
    /// - a line a TPS: its code, then a name or nothing (names are not kept); a first line that
    ///   starts with "tps" is a heading.
    /// `file` is for messages, which name the line: malformed or repeated codes, too many TPS.
    [[nodiscard]] static Result<Register> parse(std::string_view csv, std::string_view file);

    [[nodiscard]] std::size_t size() const { return tps_.size(); }
    /// Position in the order of codes, 0 to size() - 1; nothing for a TPS that is not in it.
    [[nodiscard]] std::optional<std::uint32_t> index_of(TpsCode tps) const;
    [[nodiscard]] bool contains(std::string_view tps) const;

    /// By code; a shorter code comes before the codes it is the start of.
    [[nodiscard]] std::span<const Area> areas() const { return areas_; }
    [[nodiscard]] const Area* area(std::string_view code) const;
    /// Names the list by content: lower-case hex of a SHA-256 over the codes.
    [[nodiscard]] std::string fingerprint() const;

  private:
    friend class RegisterReader;
    std::vector<TpsCode> tps_;  // sorted
    std::vector<Area> areas_;   // sorted by code
};

}  // namespace kentongan::sirekap
