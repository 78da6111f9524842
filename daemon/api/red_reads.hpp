#pragma once
// RedReads: who read what of TLP:RED. A page that is looked at asks every few seconds, so a reading
// is told of at once, and how often it was repeated within the hour when that is over.
#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::api {

/// On the loop. No reading is lost but the repeats of an hour that a restart cuts short.
class RedReads {
  public:
    static constexpr std::size_t kMost = 200'000;  ///< pairs of person and thing remembered
    using Told = std::vector<std::pair<std::string, std::vector<std::string>>>;  ///< by person

    /// What to tell after `who` has read `objects` ("alert:ID"): those not read within the last
    /// hour, and of everybody the hours that are over as "alert:ID again 12".
    [[nodiscard]] Told read(std::string_view who, std::vector<std::string> objects, Timestamp now);

  private:
    struct Reading {
        std::string object;
        Timestamp told{};
        std::uint64_t again = 0;
    };
    void settle(Timestamp until, Told& out);
    boost::unordered_flat_map<std::string, Reading> read_;  // "NAME\nOBJECT"
    Timestamp settled_{};
};

/// "alert:ID" when the alert's JSON is labelled TLP:RED; else nothing.
[[nodiscard]] std::string red_object(std::string_view alert);

}  // namespace kentongan::api
