#pragma once
// The parameters of GET /api/v1/alerts, and the cursors its pages hand out.
#include <optional>
#include <vector>

#include "daemon/api/message.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan::api {

struct AlertsWanted {
    AlertQuery query;
    std::optional<std::int64_t> after;
    std::vector<FieldError> errors;  ///< not empty: refuse the request
};

/// limit (1 to 1,000), cursor, severity (at least), ruleset, rule, agency, since and until
/// (RFC 3339), order (newest or oldest). Unknown, repeated or bad ones become errors.
[[nodiscard]] AlertsWanted parse_alerts_wanted(const Target& target);

/// Says the order too, so that a cursor cannot be taken along to the other one.
[[nodiscard]] std::string to_cursor(bool newest_first, std::int64_t after);

}  // namespace kentongan::api
