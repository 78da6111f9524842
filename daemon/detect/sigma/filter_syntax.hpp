#pragma once
// A filter as read from its file: a condition that rules must meet besides their own.
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::sigma {

/// Its selections, conditions and logsource are in the RuleSyntax beside it.
struct FilterSyntax {
    std::vector<std::string> rules;    ///< ids or names; empty: any
    std::optional<Timestamp> expires;  ///< from here on it is not applied
    std::string expires_text;          ///< the last day it holds
    bool has_not = false;
    int line = 0;
};

}  // namespace kentongan::sigma
