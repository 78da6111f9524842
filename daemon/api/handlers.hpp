#pragma once
// The functions the route table points to.
#include "daemon/api/routes.hpp"

namespace kentongan::api {

[[nodiscard]] Task<Response> list_alerts(Call call);
[[nodiscard]] Task<Response> count_alerts(Call call);
[[nodiscard]] Task<Response> show_histogram(Call call);
[[nodiscard]] Task<Response> list_searches(Call call);
[[nodiscard]] Task<Response> show_search(Call call);
[[nodiscard]] Task<Response> save_search(Call call);
[[nodiscard]] Task<Response> delete_search(Call call);
[[nodiscard]] Task<Response> stream_alerts(Call call);
[[nodiscard]] Task<Response> show_alert(Call call);
[[nodiscard]] Task<Response> show_packets(Call call);
[[nodiscard]] Task<Response> show_context(Call call);
[[nodiscard]] Task<Response> export_evidence(Call call);
[[nodiscard]] Task<Response> hand_over_evidence(Call call);
[[nodiscard]] Task<Response> erase_evidence(Call call);
[[nodiscard]] Task<Response> list_deliveries(Call call);
[[nodiscard]] Task<Response> retry_deliveries(Call call);
[[nodiscard]] Task<Response> pause_deliveries(Call call);
[[nodiscard]] Task<Response> resume_deliveries(Call call);
[[nodiscard]] Task<Response> replay_deliveries(Call call);
[[nodiscard]] Task<Response> list_messages(Call call);
[[nodiscard]] Task<Response> show_message(Call call);
[[nodiscard]] Task<Response> show_status(Call call);
[[nodiscard]] Task<Response> show_coverage(Call call);
[[nodiscard]] Task<Response> show_series(Call call);
[[nodiscard]] Task<Response> show_sensors(Call call);
[[nodiscard]] Task<Response> show_proof(Call call);
[[nodiscard]] Task<Response> show_openapi(Call call);
[[nodiscard]] Task<Response> begin_session(Call call);
[[nodiscard]] Task<Response> end_session(Call call);
[[nodiscard]] Task<Response> show_services(Call call);
[[nodiscard]] Task<Response> list_rules(Call call);
[[nodiscard]] Task<Response> show_rule(Call call);
[[nodiscard]] Task<Response> show_drill(Call call);
[[nodiscard]] Task<Response> show_settings(Call call);
[[nodiscard]] Task<Response> show_evidence(Call call);
[[nodiscard]] Task<Response> show_noise(Call call);
[[nodiscard]] Task<Response> show_healthy(Call call);
[[nodiscard]] Task<Response> show_ready(Call call);
[[nodiscard]] Task<Response> show_metrics(Call call);
[[nodiscard]] Task<Response> ask_reload(Call call);
[[nodiscard]] Task<Response> show_page(Call call);
[[nodiscard]] Task<Response> show_session(Call call);
[[nodiscard]] Task<Response> act_on_alerts(Call call);
[[nodiscard]] Task<Response> ack_alert(Call call);
[[nodiscard]] Task<Response> assign_alert(Call call);
[[nodiscard]] Task<Response> comment_alert(Call call);
[[nodiscard]] Task<Response> escalate_alert(Call call);
[[nodiscard]] Task<Response> close_alert(Call call);
[[nodiscard]] Task<Response> reopen_alert(Call call);
[[nodiscard]] Task<Response> share_alert(Call call);
[[nodiscard]] Task<Response> see_alert(Call call);
[[nodiscard]] Task<Response> list_actions(Call call);
[[nodiscard]] Task<Response> list_cases(Call call);
[[nodiscard]] Task<Response> open_case(Call call);
[[nodiscard]] Task<Response> close_case(Call call);
[[nodiscard]] Task<Response> show_case(Call call);
[[nodiscard]] Task<Response> change_case(Call call);
[[nodiscard]] Task<Response> change_case_alerts(Call call);
[[nodiscard]] Task<Response> show_timeline(Call call);
[[nodiscard]] Task<Response> show_report(Call call);
[[nodiscard]] Task<Response> show_statement(Call call);
[[nodiscard]] Task<Response> list_suppressions(Call call);
[[nodiscard]] Task<Response> create_suppression(Call call);
[[nodiscard]] Task<Response> end_suppression(Call call);
[[nodiscard]] Task<Response> list_approvals(Call call);
[[nodiscard]] Task<Response> confirm_approval(Call call);
[[nodiscard]] Task<Response> refuse_approval(Call call);

/// The answer to a store that fails: 503, the reason, and that a later try may succeed.
[[nodiscard]] Response store_problem(const Call& call, const Error& error);
/// 200, or 304 when the client has this body already.
[[nodiscard]] Response json_answer(const Call& call, std::string body);
/// The caller queues messages of a destination again: it enters the history. On the store's thread.
[[nodiscard]] Result<> note_again(const Call& call, const std::string& destination,
                                  const std::string& action, const std::string& what);
/// Counts what somebody reads of TLP:RED ("alert:ID", "case:ID") and tells of it (RedReads).
void tell_of_reading(Service& service, const std::string& who, std::vector<std::string> objects);
/// Writes each alert's place in triage into its JSON (kentongan.state, reason, assignee, case,
/// revision). On the store's thread; an alert that has none stays as it is.
void write_places(const Service& service, std::vector<StoredAlert>& alerts);
/// The same from the loop.
[[nodiscard]] Task<> tell_places(Service& service, std::vector<StoredAlert>& alerts);

}  // namespace kentongan::api
