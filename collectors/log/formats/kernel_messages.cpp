// What the kernel says of processes, interfaces, modules and packets.
#include <algorithm>
#include <array>

#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/system_messages.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

const Field kInterface = intern_field("observer.ingress.interface.name").value_or(Field::message);

/// "[12345.678901] " of the kernel's own clock.
void pass_uptime(std::string_view& rest) {
    if (!rest.starts_with('[')) return;
    const auto end = rest.substr(0, 24).find("] ");
    if (end == std::string_view::npos ||
        rest.substr(1, end - 1).find_first_not_of(" .0123456789") != std::string_view::npos)
        return;
    rest.remove_prefix(end + 2);
}

/// `KEY=value` of a packet as netfilter's LOG target writes it.
std::string_view packet_value(std::string_view text, std::string_view key) {
    for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1))
        if (at == 0 || text[at - 1] == ' ' || text[at - 1] == ']') {
            const auto value = text.substr(at + key.size());
            return value.substr(0, value.find(' '));
        }
    return {};
}

void set_port(Field field, std::string_view text, Event& out) {
    const auto port = parse_number<std::int64_t>(text);
    if (port && *port >= 0 && *port <= 65535) out.set(field, *port);
}

void set_lower(Field field, std::string_view text, Event& out) {
    std::array<char, 16> lower{};
    if (text.empty() || text.size() > lower.size()) return;
    std::ranges::transform(text, lower.begin(), ascii_lower);
    out.set(field, std::string_view(lower.data(), text.size()));
}

/// Whether the prefix an administrator gave the rule says so.
bool is_refusal(std::string_view prefix) {
    static constexpr std::array<std::string_view, 4> kWords{"block", "drop", "reject", "deny"};
    std::array<char, 64> lower{};
    const auto text = prefix.substr(0, lower.size());
    std::ranges::transform(text, lower.begin(), ascii_lower);
    const std::string_view folded(lower.data(), text.size());
    return std::ranges::any_of(kWords, [&](auto word) { return folded.contains(word); });
}

/// "[UFW BLOCK] IN=eth0 OUT= MAC=… SRC=203.0.113.9 DST=… PROTO=TCP SPT=4711 DPT=22 …".
bool read_packet(std::string_view text, Event& out) {
    const auto start = text.find("IN=");
    const auto source = IpAddress::parse(packet_value(text, "SRC="));
    const auto destination = IpAddress::parse(packet_value(text, "DST="));
    if (start == std::string_view::npos || !source || !destination) return false;
    const bool refused = is_refusal(text.substr(0, start));
    out.logsource.category = "firewall";
    out.set(Field::event_action, refused ? "packet-refused" : "packet-logged");
    out.set(Field::source_ip, *source);
    out.set(Field::destination_ip, *destination);
    set_port(Field::source_port, packet_value(text, "SPT="), out);
    set_port(Field::destination_port, packet_value(text, "DPT="), out);
    set_lower(Field::network_transport, packet_value(text, "PROTO="), out);
    if (const auto in = packet_value(text, "IN="); !in.empty()) out.set(kInterface, in);
    return true;
}

void set_process(std::string_view name, std::string_view pid, Event& out) {
    if (!name.empty()) out.set(Field::process_name, name);
    if (const auto number = parse_number<std::int64_t>(pid)) out.set(Field::process_pid, *number);
}

/// "app[812]: segfault at …", "traps: app[812] general protection fault …".
bool read_fault(std::string_view text, Event& out) {
    (void)take(text, "traps: ");
    const bool segfault = text.contains("segfault at ");
    if (!segfault && !text.contains("general protection") && !text.contains("trap invalid opcode"))
        return false;
    out.set(Field::event_action, segfault ? "segfault" : "trap");
    const auto open = text.find('[');
    if (open == std::string_view::npos) return true;
    const auto pid = text.substr(open + 1);
    set_process(text.substr(0, open), pid.substr(0, pid.find(']')), out);
    return true;
}

/// "Out of memory: Killed process 812 (mysqld) …", "Killed process …".
bool read_killed(std::string_view text, Event& out) {
    const auto at = text.find("Killed process ");
    if (at == std::string_view::npos) return false;
    auto rest = text.substr(at + 15);
    const auto pid = take_until(rest, ' ');
    out.set(Field::event_action, "oom-kill");
    if (take(rest, "(")) set_process(take_until(rest, ')'), pid, out);
    return true;
}

/// "device eth0 entered promiscuous mode", "eth0: entered promiscuous mode".
bool read_interface(std::string_view text, Event& out) {
    const bool entered = text.contains("entered promiscuous mode");
    if (!entered && !text.contains("left promiscuous mode")) return false;
    out.set(Field::event_action, entered ? "promiscuous-on" : "promiscuous-off");
    if (const auto at = text.find("device "); at != std::string_view::npos)
        text.remove_prefix(at + 7);
    out.set(kInterface, text.substr(0, text.find_first_of(": ")));
    return true;
}

}  // namespace

void read_kernel(std::string_view message, Event& out) {
    pass_uptime(message);
    if (read_packet(message, out) || read_fault(message, out) || read_killed(message, out) ||
        read_interface(message, out))
        return;
    if (message.contains("taints kernel") || message.contains("module verification failed"))
        out.set(Field::event_action, "module-taint");
}

}  // namespace kentongan::log
