#pragma once
// TpsStates: the stage of each TPS as far as it was heard of, sixteen bytes each.
#include <boost/unordered/unordered_flat_map.hpp>
#include <string>

#include "daemon/base/error.hpp"
#include "daemon/detect/anomaly/keyed_hash.hpp"
#include "daemon/detect/sirekap/workflow/stage.hpp"

namespace kentongan::sirekap {

struct TpsState {
    Stage stage = Stage::unknown;
    bool certain = false;  ///< the log named the stage, and nothing can have been missed since
    bool reason = false;   ///< it was reopened with a reason
    bool second_person = false;  ///< and by two people
};

/// Bounded: when it is full a new TPS is not followed, which is counted; nothing is said of what is
/// not followed, so a full table costs alerts but accuses nobody.
class TpsStates {
  public:
    TpsStates(std::int64_t capacity, std::uint64_t seed);

    /// The state of a TPS; a throw-away one when there is no room.
    [[nodiscard]] TpsState& at(TpsCode tps);
    [[nodiscard]] std::size_t size() const { return states_.size(); }
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

    /// Those past reading, as text for a bookmark: about four bytes a TPS. What is unknown is never
    /// judged, so those before it need not be kept.
    [[nodiscard]] std::string save() const;
    /// Takes up what save() wrote; an error when it is anything else. `exact`: nothing happened
    /// between save() and the restart; else the states are no longer certain.
    Result<> restore(std::string_view saved, bool exact);

  private:
    struct Hash {
        using is_avalanching = void;
        std::uint64_t seed;
        std::size_t operator()(std::uint64_t code) const;
    };
    std::size_t capacity_;
    boost::unordered_flat_map<std::uint64_t, TpsState, Hash> states_;
    TpsState none_;
    std::uint64_t left_out_ = 0;
};

}  // namespace kentongan::sirekap
