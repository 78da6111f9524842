#pragma once
// A result file that Sirekap published: an area's sums or one TPS's form, of the Pemilu and of the
// Pilkada (formats: KPU's public JSON of 2024, as scraped; the two differ by an object `tungsura`).
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::sirekap::published {

struct Vote {
    std::uint64_t candidate = 0;  ///< KPU's number of a candidate, such as 100025
    std::int64_t votes = 0;
    bool operator==(const Vote&) const = default;
};
/// Sorted by candidate, each once.
using Votes = std::vector<Vote>;
[[nodiscard]] std::int64_t sum_of(const Votes& votes);
/// The votes of a candidate; 0 when it is not there.
[[nodiscard]] std::int64_t votes_of(const Votes& votes, std::uint64_t candidate);

struct Progress {
    std::int64_t total = 0;    ///< TPS there are
    std::int64_t counted = 0;  ///< TPS whose numbers are in
    bool operator==(const Progress&) const = default;
};

/// One child of an area.
struct Row {
    std::string code;      ///< 2 to 13 characters
    bool counted = false;  ///< status_progress
    Votes votes;           ///< empty while nothing is counted
    std::optional<Progress> progress;
};

/// The 18 numbers of the part `administrasi`; `_l`, `_p` and `_j` are men, women and both.
enum class Number : std::uint8_t {
    suara_sah,
    suara_tidak_sah,
    suara_total,
    pemilih_dpt_j,
    pemilih_dpt_l,
    pemilih_dpt_p,
    pengguna_dpt_j,
    pengguna_dpt_l,
    pengguna_dpt_p,
    pengguna_dptb_j,
    pengguna_dptb_l,
    pengguna_dptb_p,
    pengguna_non_dpt_j,
    pengguna_non_dpt_l,
    pengguna_non_dpt_p,
    pengguna_total_j,
    pengguna_total_l,
    pengguna_total_p,
};
inline constexpr std::size_t kNumbers = 18;
[[nodiscard]] std::string_view name_of(Number number);
[[nodiscard]] std::optional<Number> parse_number_name(std::string_view name);
using Administration = std::array<std::optional<std::int64_t>, kNumbers>;

/// What is not as the format has it. None of it stops the reading.
struct Oddity {
    enum class Kind { unknown_key, wrong_type, missing_key, out_of_range, bad_code, too_many };
    Kind kind = Kind::unknown_key;
    std::string where;  ///< path of the key, such as "administrasi.suara_sah"; row codes are "*"
    auto operator<=>(const Oddity&) const = default;
};
[[nodiscard]] std::string_view name_of(Oddity::Kind kind);

struct Document {
    enum class Level { area, tps };
    Level level = Level::area;
    bool pilkada = false;              ///< its numbers are inside of `tungsura`
    bool has_mode = false;             ///< the key `mode`, which came while votes were counted
    std::string ts;                    ///< as given: "2024-11-28 10:00:05"
    std::optional<Timestamp> made;     ///< the same, read as WIB
    std::optional<Votes> chart;        ///< nothing when it is null or not there
    std::optional<Progress> progress;  ///< of an area
    std::vector<Row> rows;             ///< of an area, in order of code
    std::vector<std::string> images;   ///< of a TPS, a text for each page; empty when null
    std::optional<Administration> administration;  ///< of a TPS
    std::optional<bool> status_votes;              ///< status_suara
    std::optional<bool> status_administration;     ///< status_adm
    std::vector<Oddity> oddities;                  ///< each once, at most kMaximumOddities

    static constexpr std::size_t kMaximumBytes = std::size_t{32} << 20;
    static constexpr std::size_t kMaximumDepth = 16;
    static constexpr std::size_t kMaximumRows = 20'000;
    static constexpr std::size_t kMaximumCandidates = 256;
    static constexpr std::size_t kMaximumImages = 32;
    static constexpr std::size_t kMaximumOddities = 64;
    /// Beyond this a number is out of range: no sum of so many can overflow.
    static constexpr std::int64_t kMaximumNumber = 1'000'000'000'000;

    /// An error (data) names what is wrong: too large, no JSON (and where), nested too deep, not an
    /// object, neither an area's file nor a TPS's. Everything else is read as far as it goes.
    [[nodiscard]] static Result<Document> parse(std::string_view json);
};

/// A code of the kind 31, 3171, 317101, 3171011006, 3171011006001 (overseas ones hold letters).
[[nodiscard]] bool is_code(std::string_view text);

}  // namespace kentongan::sirekap::published
