#pragma once
// The register of TPS: which exist, what the areas above them are called and how many TPS each has.
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/sirekap/tps_code.hpp"

namespace kentongan::sirekap {

/// Immutable once loaded; safe from any thread. Fourteen bytes a TPS, and the areas.
class Register {
  public:
    static constexpr std::size_t kMaximumTps = 2'000'000;
    static constexpr std::uint32_t kNone = UINT32_MAX;

    /// An area at one of the four levels; its TPS are those of index `begin` to `end`.
    struct Area {
        std::string code;  ///< 2, 4, 6 or 10 characters
        std::string name;  ///< empty when the list does not say
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        std::uint32_t parent = kNone;  ///< position in areas() of the area above it
        [[nodiscard]] std::uint32_t tps() const { return end - begin; }
    };

    /// Reads one of two lists, told apart by the first line:
    /// - a line a kelurahan, as published by Sirekap: kode_kel,nama_kab,nama_kec,nama_kel,
    ///   jumlah_tps,tps_suffixes with suffixes such as "001-044 901" (the count must agree);
    /// - a line a TPS: its code, then a name or nothing (names are not kept); a first line that
    ///   starts with "tps" is a heading, and where it names a column "dpt", that column holds the
    ///   number of voters on the TPS's list, or nothing.
    /// `file` is for messages, which name the line: malformed or repeated codes, too many TPS.
    [[nodiscard]] static Result<Register> parse(std::string_view csv, std::string_view file);

    /// Reads a CSV as above, a file of Sirekap's region list (wilayah) or a folder of such files
    /// at any depth, as published. Blocking. Messages name the file, and line or entry.
    [[nodiscard]] static Result<Register> load(const std::filesystem::path& path);

    [[nodiscard]] std::size_t size() const { return tps_.size(); }
    /// Position in the order of codes, 0 to size() - 1; nothing for a TPS that is not in it.
    [[nodiscard]] std::optional<std::uint32_t> index_of(TpsCode tps) const;
    [[nodiscard]] bool contains(std::string_view tps) const;
    [[nodiscard]] TpsCode tps_at(std::uint32_t index) const { return tps_[index]; }
    /// Voters on the list of a TPS, when the register says.
    [[nodiscard]] std::optional<int> voters_of(std::uint32_t index) const;
    /// Position in areas() of the kelurahan of a TPS.
    [[nodiscard]] std::uint32_t kelurahan_of(std::uint32_t index) const { return home_[index]; }
    /// kelurahan_of() follows: what it needs is on the way from memory.
    void expect(std::uint32_t index) const { __builtin_prefetch(&home_[index]); }
    /// The same as areas()[area].parent, from memory that stays in the cache.
    [[nodiscard]] std::uint32_t parent_of(std::uint32_t area) const { return parents_[area]; }

    /// By code; a shorter code comes before the codes it is the start of.
    [[nodiscard]] std::span<const Area> areas() const { return areas_; }
    [[nodiscard]] const Area* area(std::string_view code) const;
    /// Positions in areas() of the areas whose code has so many characters and starts with
    /// `within`, in order of code.
    [[nodiscard]] std::span<const std::uint32_t> level(std::size_t code_length,
                                                       std::string_view within = {}) const;
    /// Areas that the region list names but has no TPS for: it is not complete.
    [[nodiscard]] std::size_t areas_without_tps() const { return without_tps_; }
    /// Names the list by content: lower-case hex of a SHA-256 over the codes.
    [[nodiscard]] std::string fingerprint() const;

  private:
    friend class RegisterBuilder;
    std::vector<TpsCode> tps_;            // sorted
    std::vector<std::uint16_t> voters_;   // empty when the list says nothing of them
    std::vector<std::uint32_t> home_;     // kelurahan of each TPS
    std::vector<Area> areas_;             // sorted by code
    std::vector<std::uint32_t> parents_;  // of areas_
    struct Span {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };
    boost::unordered_flat_map<std::uint64_t, Span> by_kelurahan_;  // TPS by code without number
    std::array<std::vector<std::uint32_t>, 4> levels_;
    std::size_t without_tps_ = 0;
};

}  // namespace kentongan::sirekap
