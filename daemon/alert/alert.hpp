#pragma once
// Alert: merged findings of one rule about one entity, and its JSON (ECS 8.11 names, nested), the
// form that is stored, delivered, printed and served.
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/base/error.hpp"

namespace kentongan {

/// Traffic Light Protocol 2.0, from open to closed.
enum class Tlp { clear, green, amber, amber_strict, red };
/// CLEAR, GREEN, AMBER, AMBER+STRICT, RED.
[[nodiscard]] std::string_view name_of(Tlp tlp);
[[nodiscard]] std::optional<Tlp> parse_tlp(std::string_view name);

/// What an alert stands for that was raised for a storm.
struct Storm {
    static constexpr std::size_t kMaximumSamples = 16;

    std::string of;                       ///< rule or network
    std::string name;                     ///< its id, or such as 203.0.113.0/24
    std::uint64_t alerts = 0;             ///< that went into it instead of standing alone
    std::vector<std::string> ids{};       ///< which ids the first of them would have had
    std::vector<std::string> entities{};  ///< of the first of them
};

struct Alert {
    static constexpr std::size_t kMaximumEvidence = 16;
    static constexpr std::size_t kMaximumRelated = 64;
    static constexpr std::size_t kMaximumReasons = 8;

    std::string id;  ///< content_id of the first finding
    std::shared_ptr<const Rule> rule;
    std::string entity;
    std::string message;  ///< of the newest finding
    Severity severity = Severity::medium;
    Tlp tlp = Tlp::amber;
    std::uint64_t count = 0;
    Timestamp first_seen{};
    Timestamp last_seen{};
    Timestamp created{};
    Subject subject;  ///< of the first finding
    std::vector<std::string> related_ip;
    std::vector<std::string> related_user;
    std::vector<std::string> related_hosts;
    std::vector<std::string> related_hash;
    std::vector<Evidence> evidence;     ///< the first kMaximumEvidence
    std::vector<std::string> agencies;  ///< who is told, in the routing file's order
    std::string hostname;               ///< of the sensor
    bool exercise = false;
    std::vector<std::string> severity_reasons;  ///< why it is not the rule's, each once
    std::string suppressed;  ///< a suppression's id, or "budget": nobody is told; empty: not
    std::optional<Storm> storm;

    // Beside the JSON, in columns of the store: what the desk goes on with after a restart.
    std::uint64_t told = 0;  ///< the count that agencies were last told of; 0: none
    Timestamp open_until{};  ///< when that is later than the merge window after last_seen
};

[[nodiscard]] boost::json::object to_json(const Alert& alert);
/// The alert that to_json made; an error names the member that is missing or of a wrong type.
[[nodiscard]] Result<Alert> alert_from_json(const boost::json::value& json);

}  // namespace kentongan
