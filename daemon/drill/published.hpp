#pragma once
// Publication: the result files that Sirekap publishes each quarter of an hour, and what a scenario
// does to them.
#include <string>
#include <vector>

#include "daemon/drill/generate/jakarta.hpp"
#include "daemon/drill/script.hpp"

namespace kentongan::drill {

/// The governor's race in DKI, in the shape of 2024: the province's file with a row for each
/// kabupaten/kota, and a file for each of these with a row for each kecamatan.
class Publication {
  public:
    static constexpr std::chrono::minutes kStep{15};

    Publication(const generate::Jakarta& jakarta, Timestamp close);

    /// In the files of [from, until) the sum of `kabupaten` has so many votes more than its rows.
    void tamper(std::string kabupaten, std::int64_t votes, Timestamp from, Timestamp until);
    /// From here on every number of votes is 0, while the count goes on.
    void withdraw(Timestamp from) { withdrawn_ = from; }

    /// The files of (close, until], each set in a folder of its own under kPublished.
    void write(Script& script, Timestamp until) const;

  private:
    struct Area {
        std::string code;
        std::int64_t tps = 0;
    };
    struct Regency {
        std::string code;
        std::vector<Area> kecamatan;
    };
    struct Tampering {
        std::string kabupaten;
        std::int64_t votes = 0;
        Timestamp from{};
        Timestamp until{};
    };
    struct Sums;

    void write_one(Script& script, Timestamp time) const;
    [[nodiscard]] Sums sums_of(const Area& area, double share, bool withdrawn) const;

    Timestamp close_;
    std::vector<Regency> regencies_;
    std::vector<Tampering> tamperings_;
    Timestamp withdrawn_ = Timestamp::max();
};

}  // namespace kentongan::drill
