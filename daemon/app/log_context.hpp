#pragma once
// Where to look for a log line that an alert points to: in the logs of the settings, nowhere else.
#include <boost/json/object.hpp>
#include <string>

#include "daemon/base/error.hpp"
#include "daemon/config/config.hpp"

namespace kentongan {

/// What GET /api/v1/alerts/{id}/context answers of an alert's JSON. Blocking. no_input: the
/// evidence is not there, or is no line of a log that is read here.
[[nodiscard]] Result<boost::json::object> log_context(
    const std::map<std::string, LogSettings>& logs, const std::string& alert, std::size_t evidence);

}  // namespace kentongan
