#pragma once
// What a screen on the wall may read of alerts and cases: what TLP:GREEN allows, which is no
// address, no name, no place smaller than a kecamatan, no text that an attacker or a citizen wrote.
#include <boost/json/object.hpp>
#include <string>

#include "daemon/api/alert_parameters.hpp"
#include "daemon/api/routes.hpp"

namespace kentongan::api {

/// The alert's JSON with the members that the wall may show; its message is its rule's name.
[[nodiscard]] std::string wall_alert(const std::string& alert);
/// Of a case: its clocks, severity and state, not what is written about it.
[[nodiscard]] boost::json::object wall_case(const boost::json::object& record);
/// What a call asks for; from the wall, fields that it may not see are refused: an answer to
/// "source.ip : 10.0.0.0/8" tells an address as well as the alert does.
[[nodiscard]] AlertsWanted alerts_wanted(const Call& call, SearchRequest::What what);
/// Makes what is not for the wall vanish when the wall asks; tells of what is TLP:RED otherwise.
void show_to(const Call& call, std::vector<StoredAlert>& alerts);

[[nodiscard]] inline bool is_wall(const Call& call) { return call.who.role == Role::wall; }

}  // namespace kentongan::api
