#pragma once
// Which statements of a database's log write to tables of results.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/event/event.hpp"

namespace kentongan::sirekap {

/// `words`: parts of names between points and underscores that make a table one of results, such
/// as hasil in public.hasil_tps.
[[nodiscard]] bool writes_results(const Event& event, const std::vector<std::string>& words);

/// What links a write to a call of the application; empty where the log has none.
struct WriteKeys {
    std::string request;      ///< of a comment in the statement, or behind the application's name
    std::string transaction;  ///< the database's
    std::string tps;          ///< a code of 13 digits in the statement or its parameters
    [[nodiscard]] bool empty() const {
        return request.empty() && transaction.empty() && tps.empty();
    }
};
/// - request: requestId='r-81f2' or request_id='…' in a comment, as sqlcommenter writes it, or the
///   part after the slash of an application_name such as sirekap-api/r-81f2;
/// - transaction: PostgreSQL's transaction id where its log has it;
/// - tps: the only code in statement and parameters. Several are none.
[[nodiscard]] WriteKeys keys_of(const Event& event);

}  // namespace kentongan::sirekap
