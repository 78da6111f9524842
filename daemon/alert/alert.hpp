#pragma once
// Alert: merged findings of one rule about one entity, and its JSON (ECS 8.11 names, nested), the
// form that is stored, delivered, printed and served.
#include <boost/json/fwd.hpp>
#include <cstdint>
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

struct Alert {
    static constexpr std::size_t kMaximumEvidence = 16;
    static constexpr std::size_t kMaximumRelated = 64;

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
};

[[nodiscard]] boost::json::object to_json(const Alert& alert);
/// The alert that to_json made; an error names the member that is missing or of a wrong type.
[[nodiscard]] Result<Alert> alert_from_json(const boost::json::value& json);

}  // namespace kentongan
