#pragma once
// What a screen on the wall may read of alerts and cases: what TLP:GREEN allows, which is no
// address, no name, no place smaller than a kecamatan, no text that an attacker or a citizen wrote.
#include <boost/json/object.hpp>
#include <string>

namespace kentongan::api {

/// The alert's JSON with the members that the wall may show; its message is its rule's name.
[[nodiscard]] std::string wall_alert(const std::string& alert);
/// Of a case: its clocks, severity and state, not what is written about it.
[[nodiscard]] boost::json::object wall_case(const boost::json::object& record);
/// Of the score of a drill: without the messages of alerts.
[[nodiscard]] boost::json::object wall_drill(boost::json::object score);
/// Of the process: reasons and changes in the words that are ours, no error at length.
[[nodiscard]] boost::json::object wall_status(boost::json::object status);

}  // namespace kentongan::api
