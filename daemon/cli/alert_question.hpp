#pragma once
// From the options that narrow alerts to one question in the query language.
#include <string>

#include "daemon/base/error.hpp"

namespace kentongan::cli {

/// Empty members narrow nothing.
struct Narrowing {
    std::string query;
    std::string severity;  ///< this or worse
    std::string ruleset;
    std::string rule;
    std::string agency;
    std::string since;  ///< RFC 3339 (UTC without a zone), or an age such as 90s, 15m, 2h, 7d
    std::string until;
};

/// A question that parses; errors (usage) name the option, or point into the query.
[[nodiscard]] Result<std::string> question_of(const Narrowing& narrowing);

}  // namespace kentongan::cli
