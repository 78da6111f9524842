// ECS 8.11 alert: our own JSON with the members that other tools look for (elastic/ecs schemas).
#include <boost/json.hpp>

#include "daemon/deliver/format/format.hpp"

namespace kentongan {

namespace json = boost::json;

json::object to_ecs(const Message& message) {
    json::object out = message.alert;
    json::object& event = out["event"].as_object();
    event["module"] = "kentongan";
    event["risk_score"] = number_at(message.alert, "event.severity");
    event["type"] = json::array{"indicator"};
    if (message.type != "alert.created") event["action"] = message.type;
    if (!message.settings.link.empty())
        event["reference"] = message.settings.link + text_at(message.alert, "event.id");
    // A member that is put into `out` may move the others: `event` is not used from here on.
    json::object& observer = out["observer"].is_object() ? out["observer"].as_object()
                                                         : out["observer"].emplace_object();
    observer["type"] = "ids";
    observer["product"] = "kentongan";
    observer["vendor"] = message.settings.vendor;
    observer["version"] = KENTONGAN_VERSION;
    if (auto* threat = out.if_contains("threat")) threat->as_object()["framework"] = "MITRE ATT&CK";
    if (is_exercise(message.alert)) out["message"] = headline(message.alert);
    return out;
}

}  // namespace kentongan
