// Names, severities and ATT&CK ids of the anomaly rules.
#include "daemon/detect/anomaly/rules.hpp"

namespace kentongan::anomaly {

namespace {
using Strings = std::vector<std::string>;

RulePointer rule(std::string id, std::string name, Severity severity, std::string rule_class,
                 Strings techniques, Strings categories) {
    auto out = std::make_shared<Rule>();
    out->id = std::move(id);
    out->name = std::move(name);
    out->ruleset = Ruleset::anomaly;
    out->version = "1";
    out->authors = {"Kentongan"};
    out->severity = severity;
    out->rule_class = std::move(rule_class);
    out->techniques = std::move(techniques);
    out->categories = std::move(categories);
    return out;
}

/// What only compares with yesterday stays with KPU and BRIN.
RulePointer statistic(const RulePointer& plain) {
    auto out = std::make_shared<Rule>(*plain);
    out->advisory = true;
    return out;
}
}  // namespace

const RulePointer& port_scan_rule() {
    static const RulePointer kRule = rule("anomaly:port-scan", "Port or host scan", Severity::low,
                                          "attack", {"T1046", "T1595.001"}, {"network"});
    return kRule;
}
const RulePointer& syn_flood_rule() {
    static const RulePointer kRule = rule("anomaly:syn-flood", "SYN flood", Severity::high, "ddos",
                                          {"T1499.001", "T1498.001"}, {"network"});
    return kRule;
}
const RulePointer& brute_force_rule() {
    static const RulePointer kRule =
        rule("anomaly:brute-force", "Many failed logins from one source", Severity::medium,
             "attack", {"T1110.001"}, {"authentication"});
    return kRule;
}
const RulePointer& password_spraying_rule() {
    static const RulePointer kRule =
        rule("anomaly:password-spraying", "Failed logins of many users from one source",
             Severity::medium, "attack", {"T1110.003"}, {"authentication"});
    return kRule;
}
const RulePointer& login_after_guessing_rule() {
    static const RulePointer kRule =
        rule("anomaly:login-after-guessing", "Login after guessing", Severity::critical,
             "compromise", {"T1110.001", "T1078"}, {"authentication"});
    return kRule;
}

const RulePointer& request_rate_rule() {
    static const RulePointer kRule = statistic(
        rule("anomaly:request-rate", "Requests to a log's service are unusually many or few",
             Severity::low, "operations", {}, {"web"}));
    return kRule;
}
const RulePointer& error_share_rule() {
    static const RulePointer kRule =
        statistic(rule("anomaly:error-share", "An unusual share of requests ends in errors",
                       Severity::medium, "operations", {}, {"web"}));
    return kRule;
}
const RulePointer& latency_rule() {
    static const RulePointer kRule =
        statistic(rule("anomaly:latency", "Answers take unusually long", Severity::low,
                       "operations", {}, {"web"}));
    return kRule;
}
const RulePointer& answer_size_rule() {
    static const RulePointer kRule =
        statistic(rule("anomaly:answer-size", "Answers are unusually large", Severity::low,
                       "operations", {"T1030"}, {"web"}));
    return kRule;
}
const RulePointer& login_ratio_rule() {
    static const RulePointer kRule =
        rule("anomaly:login-failure-ratio", "An unusual share of all logins fails",
             Severity::medium, "attack", {"T1110.003", "T1110.004"}, {"authentication"});
    return kRule;
}
const RulePointer& log_gap_rule() {
    static const RulePointer kRule = rule("anomaly:log-gap", "A log has fallen silent",
                                          Severity::high, "sensor", {"T1685"}, {"host"});
    return kRule;
}
const RulePointer& log_clock_rule() {
    static const RulePointer kRule =
        rule("anomaly:log-clock", "The time of a log went back", Severity::high, "sensor",
             {"T1685", "T1070.006"}, {"host"});
    return kRule;
}

const RulePointer& outbound_volume_rule() {
    static const RulePointer kRule =
        rule("anomaly:outbound-volume", "A host sends unusually much to addresses outside",
             Severity::high, "breach", {"T1041", "T1048", "T1567"}, {"network"});
    return kRule;
}

const RulePointer& dns_tunnel_rule() {
    static const RulePointer kRule =
        rule("anomaly:dns-tunnel", "Data carried in the names of DNS queries", Severity::high,
             "compromise", {"T1071.004", "T1048.003", "T1572"}, {"network"});
    return kRule;
}
const RulePointer& dga_rule() {
    static const RulePointer kRule = rule("anomaly:dga", "A host looks for many generated domains",
                                          Severity::high, "compromise", {"T1568.002"}, {"network"});
    return kRule;
}
const RulePointer& water_torture_rule() {
    static const RulePointer kRule =
        rule("anomaly:dns-water-torture", "A flood of random names below a domain of ours",
             Severity::high, "ddos", {"T1498"}, {"network"});
    return kRule;
}
const RulePointer& beacon_rule() {
    static const RulePointer kRule =
        rule("anomaly:beacon", "A host calls an address outside at a steady beat", Severity::high,
             "compromise", {"T1071.001", "T1573"}, {"network"});
    return kRule;
}
const RulePointer& lateral_fan_out_rule() {
    static const RulePointer kRule =
        rule("anomaly:lateral-fan-out", "A host opens administration ports of many new peers",
             Severity::high, "compromise", {"T1021", "T1570"}, {"network"});
    return kRule;
}
const RulePointer& new_service_rule() {
    static const RulePointer kRule =
        rule("anomaly:new-service", "A host of ours answers on a port it did not before",
             Severity::medium, "compromise", {"T1571", "T1505"}, {"network"});
    return kRule;
}
const RulePointer& protocol_port_rule() {
    static const RulePointer kRule =
        rule("anomaly:protocol-port", "A protocol is spoken on a port that is not its own",
             Severity::medium, "compromise", {"T1571", "T1572"}, {"network"});
    return kRule;
}
const RulePointer& volumetric_rule() {
    static const RulePointer kRule =
        rule("anomaly:volumetric", "Traffic towards a network grows far beyond its usual course",
             Severity::medium, "ddos", {"T1498.001"}, {"network"});
    return kRule;
}
const RulePointer& reflection_rule() {
    static const RulePointer kRule =
        rule("anomaly:reflection", "Answers that nobody asked for flood a host", Severity::high,
             "ddos", {"T1498.002"}, {"network"});
    return kRule;
}
const RulePointer& reflector_abused_rule() {
    static const RulePointer kRule =
        rule("anomaly:reflector-abused", "A server of ours is used to flood somebody else",
             Severity::high, "ddos", {"T1498.002"}, {"network"});
    return kRule;
}
const RulePointer& slow_exhaustion_rule() {
    static const RulePointer kRule =
        rule("anomaly:slow-exhaustion", "Connections are held open or handshakes abandoned",
             Severity::high, "ddos", {"T1499.002"}, {"network"});
    return kRule;
}
const RulePointer& http_flood_rule() {
    static const RulePointer kRule =
        rule("anomaly:http-flood", "Requests to a service look like a flood, not like a crowd",
             Severity::critical, "ddos", {"T1499.002", "T1499.003"}, {"web"});
    return kRule;
}
const RulePointer& flash_crowd_rule() {
    static const RulePointer kRule = rule("anomaly:flash-crowd", "A crowd comes to a service",
                                          Severity::low, "operations", {}, {"web"});
    return kRule;
}

std::vector<RulePointer> rules() {
    return {port_scan_rule(),
            syn_flood_rule(),
            brute_force_rule(),
            password_spraying_rule(),
            login_after_guessing_rule(),
            request_rate_rule(),
            error_share_rule(),
            latency_rule(),
            answer_size_rule(),
            login_ratio_rule(),
            log_gap_rule(),
            log_clock_rule(),
            outbound_volume_rule(),
            dns_tunnel_rule(),
            dga_rule(),
            water_torture_rule(),
            beacon_rule(),
            lateral_fan_out_rule(),
            new_service_rule(),
            protocol_port_rule(),
            volumetric_rule(),
            reflection_rule(),
            reflector_abused_rule(),
            slow_exhaustion_rule(),
            http_flood_rule(),
            flash_crowd_rule()};
}

}  // namespace kentongan::anomaly
