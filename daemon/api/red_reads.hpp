#pragma once
// RedReads: who read what of TLP:RED. A page that is looked at asks every few seconds, so a person
// who reads the same thing again within the hour is told of once.
#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::api {

/// On the loop.
class RedReads {
  public:
    static constexpr std::size_t kMost = 200'000;  ///< pairs of person and thing remembered

    /// Those of `objects` ("alert:ID") that `who` has not read within the last hour.
    [[nodiscard]] std::vector<std::string> first(std::string_view who,
                                                 std::vector<std::string> objects, Timestamp now);

  private:
    boost::unordered_flat_map<std::string, Timestamp> read_;
};

/// "alert:ID" when the alert's JSON is labelled TLP:RED; else nothing.
[[nodiscard]] std::string red_object(std::string_view alert);

}  // namespace kentongan::api
