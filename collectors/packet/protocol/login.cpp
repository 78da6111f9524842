#include "collectors/packet/protocol/login.hpp"

#include <string>

namespace kentongan::packet {

void emit_auth(const Login& login, const Moment& at, ProtocolSink& out) {
    constexpr std::size_t kLongest = 256;
    Event& event = out.begin(EventKind::auth, "authentication", login.client, at);
    // A product of its own: rules for a server's log count what that log tells.
    event.logsource = {"authentication", "kentongan", login.protocol};
    event.set(Field::event_category, "authentication");
    event.set(Field::event_action, std::string(login.protocol) + "-login");
    event.set(Field::event_outcome, login.success ? "success" : "failure");
    event.set(Field::network_protocol, login.protocol);
    if (!login.user.empty()) event.set(Field::user_name, login.user.substr(0, kLongest));
    if (!login.reason.empty()) event.set(Field::event_reason, login.reason.substr(0, kLongest));
    out.emit();
}

}  // namespace kentongan::packet
