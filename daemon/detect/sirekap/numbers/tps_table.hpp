#pragma once
// What is remembered of each TPS of a race, for the tests on areas.
#include <map>
#include <string>
#include <vector>

#include "daemon/detect/sirekap/numbers/tps_record.hpp"
#include "daemon/detect/sirekap/tps_code.hpp"

namespace kentongan::sirekap::numbers {

struct TpsState {
    std::uint8_t faults = 0;           ///< bits of ArithmeticRule
    bool complete = false;             ///< it was judged
    std::uint32_t total = 0;           ///< suara_total
    std::uint32_t listed = 0;          ///< pemilih_dpt_j
    std::vector<std::uint32_t> votes;  ///< by TpsTable::candidates(); empty: none
    [[nodiscard]] std::uint64_t sum() const;
};

/// How the votes of a candidate were corrected in an area.
struct Corrections {
    std::uint32_t up = 0;
    std::uint32_t down = 0;
    std::int64_t net = 0;
};
struct AreaCorrections {
    std::uint32_t tps = 0;                ///< corrections of a TPS's votes
    std::vector<Corrections> candidates;  ///< by TpsTable::candidates()
};

/// Some 130 bytes a TPS. When it is full, further TPS are left out and counted: those there are
/// stay, so that shares go on meaning the same.
class TpsTable {
  public:
    static constexpr std::size_t kCandidates = 256;
    static constexpr std::size_t kAreas = 20'000;

    using Tps = std::map<TpsCode, TpsState>;

    explicit TpsTable(std::size_t capacity = 900'000) : capacity_(capacity) {}

    /// Takes a record up, also as a correction of what was there. Returns the faults it had before;
    /// nothing when it was not judged before.
    std::optional<std::uint8_t> take(const TpsRecord& record, std::uint8_t faults);

    [[nodiscard]] const Tps& tps() const { return tps_; }
    [[nodiscard]] const std::vector<std::uint64_t>& candidates() const { return candidates_; }
    /// By kecamatan.
    [[nodiscard]] const std::map<std::string, AreaCorrections>& corrections() const {
        return corrections_;
    }
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

    /// visit(area, begin, end) for each area of codes of this length that has TPS here.
    template <class Visit>
    void each_area(std::size_t length, Visit&& visit) const {
        for (auto it = tps_.begin(); it != tps_.end();) {
            const std::string area = it->first.to_string().substr(0, length);
            auto end = std::next(it);
            while (end != tps_.end() && end->first.to_string().starts_with(area)) ++end;
            visit(area, it, end);
            it = end;
        }
    }

  private:
    [[nodiscard]] std::optional<std::vector<std::uint32_t>> aligned(const Votes& votes);
    void note_correction(TpsCode code, const std::vector<std::uint32_t>& before,
                         const std::vector<std::uint32_t>& after);

    std::size_t capacity_;
    Tps tps_;
    std::vector<std::uint64_t> candidates_;
    std::map<std::string, AreaCorrections> corrections_;
    std::uint64_t left_out_ = 0;
};

}  // namespace kentongan::sirekap::numbers
