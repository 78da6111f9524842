#pragma once
// The functions the route table points to.
#include "daemon/api/routes.hpp"

namespace kentongan::api {

[[nodiscard]] Task<Response> list_alerts(Call call);
[[nodiscard]] Task<Response> stream_alerts(Call call);
[[nodiscard]] Task<Response> show_alert(Call call);
[[nodiscard]] Task<Response> show_packets(Call call);
[[nodiscard]] Task<Response> list_deliveries(Call call);
[[nodiscard]] Task<Response> retry_deliveries(Call call);
[[nodiscard]] Task<Response> show_status(Call call);
[[nodiscard]] Task<Response> show_coverage(Call call);
[[nodiscard]] Task<Response> show_healthy(Call call);
[[nodiscard]] Task<Response> show_ready(Call call);
[[nodiscard]] Task<Response> show_metrics(Call call);
[[nodiscard]] Task<Response> show_page(Call call);

/// The answer to a store that fails: 503, the reason, and that a later try may succeed.
[[nodiscard]] Response store_problem(const Call& call, const Error& error);
/// 200, or 304 when the client has this body already.
[[nodiscard]] Response json_answer(const Call& call, std::string body);

}  // namespace kentongan::api
