#pragma once
// The numbers of one TPS's form, from whichever source.
#include <string>
#include <vector>

#include "daemon/detect/sirekap/published/document.hpp"

namespace kentongan::sirekap::numbers {

using published::Administration;
using published::Number;
using published::Vote;
using published::Votes;

struct TpsRecord {
    std::string race;
    std::string tps;  ///< 13 characters, or a name where a table has no codes
    std::optional<Votes> votes;
    std::optional<Administration> administration;
    std::size_t images = 0;  ///< pages there are

    [[nodiscard]] std::optional<std::int64_t> number(Number which) const {
        return administration ? (*administration)[static_cast<std::size_t>(which)] : std::nullopt;
    }
    /// Rules that compare votes with the rest have something to compare.
    [[nodiscard]] bool complete() const { return votes && administration; }
    bool operator==(const TpsRecord&) const = default;
};

/// Of a document of level tps.
[[nodiscard]] TpsRecord record_of(const published::Document& document, std::string race,
                                  std::string tps);

/// Reads a table with a heading: `kode` or `tps`, KPU's names of the numbers, c1, c2 … for the
/// candidates given (or c<number>_name, which says the candidate itself) and `n_images`. An empty
/// cell is nothing; a row without any vote has no votes, one without suara_sah no administrasi.
/// Errors (data) name the line.
[[nodiscard]] Result<std::vector<TpsRecord>> parse_records(
    std::string_view csv, std::string_view file, const std::vector<std::uint64_t>& candidates);

}  // namespace kentongan::sirekap::numbers
