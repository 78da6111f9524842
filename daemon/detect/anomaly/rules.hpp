#pragma once
// The rules of the anomaly detectors, as they appear in alerts; rules/anomaly/ documents them.
#include <memory>
#include <vector>

#include "daemon/alert/rule.hpp"

namespace kentongan::anomaly {

using RulePointer = std::shared_ptr<const Rule>;

[[nodiscard]] const RulePointer& port_scan_rule();
[[nodiscard]] const RulePointer& syn_flood_rule();
[[nodiscard]] const RulePointer& brute_force_rule();
[[nodiscard]] const RulePointer& password_spraying_rule();
[[nodiscard]] const RulePointer& login_after_guessing_rule();
[[nodiscard]] const RulePointer& request_rate_rule();
[[nodiscard]] const RulePointer& error_share_rule();
[[nodiscard]] const RulePointer& latency_rule();
[[nodiscard]] const RulePointer& answer_size_rule();
[[nodiscard]] const RulePointer& login_ratio_rule();
[[nodiscard]] const RulePointer& log_gap_rule();
[[nodiscard]] const RulePointer& log_clock_rule();
[[nodiscard]] const RulePointer& outbound_volume_rule();
[[nodiscard]] const RulePointer& dns_tunnel_rule();
[[nodiscard]] const RulePointer& dga_rule();
[[nodiscard]] const RulePointer& water_torture_rule();
[[nodiscard]] const RulePointer& beacon_rule();
[[nodiscard]] const RulePointer& lateral_fan_out_rule();
[[nodiscard]] const RulePointer& new_service_rule();
[[nodiscard]] const RulePointer& protocol_port_rule();
[[nodiscard]] const RulePointer& volumetric_rule();
[[nodiscard]] const RulePointer& reflection_rule();
[[nodiscard]] const RulePointer& reflector_abused_rule();
[[nodiscard]] const RulePointer& slow_exhaustion_rule();
[[nodiscard]] const RulePointer& http_flood_rule();
[[nodiscard]] const RulePointer& flash_crowd_rule();
/// All of them, in the order above.
[[nodiscard]] std::vector<RulePointer> rules();

}  // namespace kentongan::anomaly
