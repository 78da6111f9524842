#pragma once
// Which fields of an event a rule's field name reads.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/sigma/syntax.hpp"

namespace kentongan::sigma {

/// Names of event fields, any of which may hold the value. Tests for null and presence look at the
/// first `presence` of them only: `cs-uri-query: null` asks for the query, not for the whole URI.
struct FieldNames {
    std::vector<std::string> names;
    std::size_t presence = 0;
};

/// The Sigma taxonomy's web, process and network names, and Zeek's own names for rules on Zeek and
/// DNS logs, become ECS names; the name itself always counts too, for events that carry it.
[[nodiscard]] FieldNames field_names(std::string_view rule_field, const LogSourceNames& logsource);

}  // namespace kentongan::sigma
