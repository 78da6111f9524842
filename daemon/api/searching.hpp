#pragma once
// How the routes ask questions: step by step on the store's thread, one step at a time of all of
// them, so that commits wait for one at most.
#include "daemon/api/alert_parameters.hpp"
#include "daemon/api/routes.hpp"

namespace kentongan::api {

/// temporary when too many are under way.
[[nodiscard]] Task<Result<SearchAnswer>> run_search(Service& service, SearchRequest request);

/// 400 with every error; that of `q` says offset, length and the question with carets below.
[[nodiscard]] Response refuse_parameters(const Call& call, const AlertsWanted& wanted);

/// `"partial":false`, or `"partial":true,"reason":"…"`.
[[nodiscard]] std::string partial_members(const SearchAnswer& answer);

}  // namespace kentongan::api
