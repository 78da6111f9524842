#pragma once
// The SQL that answers an AlertQuery, as a pure function so that its plan can be tested.
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "daemon/store/alert_store.hpp"

namespace kentongan {

struct AlertSelect {
    std::string sql;  ///< answers sequence and json, in the order asked for
    std::vector<std::variant<std::int64_t, std::string>> values;
};

/// A page of `limit` + 1 rows, so that the caller knows whether another follows. Each way in is an
/// index in sequence order, or a walk from `after` by the primary key. `window_is_small`: few
/// alerts lie in [since, until), so sorting them beats walking past all the others.
[[nodiscard]] AlertSelect select_alerts(const AlertQuery& query, std::optional<std::int64_t> after,
                                        bool window_is_small);

/// Up to `cap` alerts in the query's time window are counted by it; no sql when it has none.
[[nodiscard]] AlertSelect count_window(const AlertQuery& query, std::int64_t cap);

/// `limit` within its range.
[[nodiscard]] std::size_t page_size(const AlertQuery& query);

}  // namespace kentongan
