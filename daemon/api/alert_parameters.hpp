#pragma once
// The parameters of GET /api/v1/alerts, …/count and …/histogram, and the cursors of pages.
#include <optional>
#include <vector>

#include "daemon/api/message.hpp"
#include "daemon/store/alert_search.hpp"
#include "daemon/store/query/parse.hpp"

namespace kentongan::api {

struct AlertsWanted {
    SearchRequest request;
    std::vector<FieldError> errors;         ///< not empty: refuse the request
    std::optional<query::Refusal> refusal;  ///< where in `q` its error is
};

/// All take q, severity (at least), ruleset, rule, agency, since and until (RFC 3339); a page also
/// limit (1 to 1,000), cursor and order (newest or oldest); a count by and limit; a histogram
/// interval. Unknown, repeated or bad ones become errors. `now` is what q's now-2h counts from.
[[nodiscard]] AlertsWanted parse_alerts_wanted(const Target& target, SearchRequest::What what,
                                               Timestamp now);

/// Says the order too, so that a cursor cannot be taken along to the other one.
[[nodiscard]] std::string to_cursor(bool newest_first, std::int64_t after);

}  // namespace kentongan::api
