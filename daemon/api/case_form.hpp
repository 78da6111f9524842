#pragma once
// What a request says of a case.
#include "daemon/api/casework.hpp"

namespace kentongan::api {

/// title, owner, severity, tlp, breach, description, impact, discovered, reported and notified of
/// a request's body, over what is known of the case; times are not in the future.
[[nodiscard]] Answer<bool> take_case(const boost::json::object& body, Timestamp now,
                                     CaseRecord& out);

}  // namespace kentongan::api
