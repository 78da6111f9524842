// sshd's messages (OpenSSH 6 to 9.9; from 9.8 logged by sshd-session).
//
// Counted as one failed attempt each:
//  - "Failed password", "Failed hostbased", "Failed gssapi-with-mic" and other methods of a person;
//  - "error: PAM: Authentication failure for …": keyboard-interactive, always logged;
//  - the end of a connection before login, or "maximum authentication attempts exceeded", where
//    none of the above was seen on it: on a server that takes keys only, nothing else is said.
// Not counted, for they say the same again or no attempt was made:
//  - "Failed none": a client asking which methods there are; "Failed publickey": the keys an agent
//    offers on its own before the password; "Failed keyboard-interactive/pam": said beside the PAM
//    error, but only from half the allowed attempts on;
//  - "Invalid user", "User … not allowed": a "Failed …" or the connection's end follows;
//  - "pam_unix(sshd:auth): authentication failure", "PAM n more authentication failures".
#include "collectors/log/formats/auth.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

struct Peer {
    std::string_view user;
    std::string_view ip;
    std::string_view port;
};

/// "USER from IP port P…" read from the right, since the user's name is the client's to choose.
bool split_from(std::string_view text, Peer& out) {
    const auto at = text.rfind(" from ");
    if (at == std::string_view::npos) return false;
    out.user = text.substr(0, at);
    auto rest = text.substr(at + 6);
    out.ip = take_until(rest, ' ');
    if (take(rest, "port ")) out.port = rest.substr(0, rest.find_first_of(" :"));
    return IpAddress::parse(out.ip).has_value();
}

/// "[USER ]IP port P", also read from the right.
bool split_plain(std::string_view text, Peer& out) {
    const auto at = text.rfind(" port ");
    if (at == std::string_view::npos) return false;
    out.port = text.substr(at + 6);
    const auto front = text.substr(0, at);
    const auto space = front.rfind(' ');
    out.user = space == std::string_view::npos ? std::string_view{} : front.substr(0, space);
    out.ip = space == std::string_view::npos ? front : front.substr(space + 1);
    return IpAddress::parse(out.ip).has_value();
}

void set_peer(const Peer& peer, Event& out) {
    if (!peer.user.empty()) out.set(Field::user_name, peer.user);
    set_source(peer.ip, out);
    if (const auto port = parse_number<std::int64_t>(peer.port); port && *port <= 65535)
        out.set(Field::source_port, *port);
}

/// "Failed METHOD for [invalid user ]USER from IP port P ssh2".
bool read_failed(std::string_view text, std::string_view pid, SshConnections& seen, Event& out) {
    if (!take(text, "Failed ")) return false;
    const auto method = take_until(text, ' ');
    if (!take(text, "for ")) return false;
    const bool invalid = take(text, "invalid user ");
    Peer peer;
    if (!split_from(text, peer)) return true;
    set_peer(peer, out);
    if (method == "none" || method == "publickey" || method.starts_with("keyboard-interactive")) {
        out.set(Field::event_action, "ssh-method-refused");
        return true;
    }
    (void)seen.first_failure(peer.ip, peer.port, pid);
    set_attempt(false, invalid ? "ssh-login-invalid-user" : "ssh-login", out);
    return true;
}

bool read_accepted(std::string_view text, Event& out) {
    if (!take(text, "Accepted ")) return false;
    (void)take_until(text, ' ');
    Peer peer;
    // The detail behind "ssh2:" names the key; a certificate's name in it is its authority's
    // choice.
    const auto detail = text.find(" ssh2: ");
    if (!take(text, "for ") || !split_from(text.substr(0, detail), peer)) return true;
    set_peer(peer, out);
    set_attempt(true, "ssh-login", out);
    return true;
}

/// "error: PAM: Authentication failure for [illegal user ]USER from HOST".
bool read_pam_error(std::string_view text, std::string_view pid, SshConnections& seen, Event& out) {
    if (!take(text, "error: PAM: ") && !take(text, "PAM: ")) return false;
    if (!take(text, "Authentication failure for ") &&
        !take(text,
              "User not known to the "
              "underlying authentication module for "))
        return true;
    const bool invalid = take(text, "illegal user ");
    const auto at = text.rfind(" from ");
    if (at == std::string_view::npos) return true;
    out.set(Field::user_name, text.substr(0, at));
    set_source(text.substr(at + 6), out);
    (void)seen.first_failure(text.substr(at + 6), {}, pid);
    set_attempt(false, invalid ? "ssh-login-invalid-user" : "ssh-login", out);
    return true;
}

/// The part with the user and the address of a line that ends a connection before login.
std::optional<std::string_view> ended_before_login(std::string_view text, bool& invalid) {
    if (!take_back(text, " [preauth]")) return std::nullopt;
    if (take(text, "Disconnecting ")) {
        if (!take_back(text, ": Too many authentication failures")) return std::nullopt;
    } else if (!take(text, "Connection closed by ") && !take(text, "Connection reset by ") &&
               !take(text, "Disconnected from ")) {
        return std::nullopt;
    }
    invalid = take(text, "invalid user ");
    if (!invalid && !take(text, "authenticating user ")) return std::nullopt;
    return text;
}

bool read_end(std::string_view text, std::string_view pid, SshConnections& seen, Event& out) {
    Peer peer;
    bool invalid = false;
    if (const auto rest = ended_before_login(text, invalid)) {
        if (!split_plain(*rest, peer)) return true;
    } else {
        (void)take(text, "error: ");
        if (!take(text, "maximum authentication attempts exceeded for ")) return false;
        invalid = take(text, "invalid user ");
        if (!split_from(text, peer)) return true;
    }
    set_peer(peer, out);
    if (seen.first_failure(peer.ip, peer.port, pid))
        set_attempt(false, invalid ? "ssh-login-invalid-user" : "ssh-login", out);
    else
        out.set(Field::event_action, "ssh-disconnect");
    return true;
}

/// Lines about a peer that are no attempt of their own.
void read_other(std::string_view text, Event& out) {
    Peer peer;
    if (take(text, "Invalid user ")) {
        out.set(Field::event_action, "ssh-invalid-user");
        if (split_from(text, peer)) set_peer(peer, out);
        return;
    }
    (void)take_back(text, " [preauth]");
    if (text.starts_with("Connection ") || text.starts_with("Disconnected ") ||
        text.starts_with("Received disconnect "))
        out.set(Field::event_action, "ssh-disconnect");
    for (const std::string_view by : {" by user ", " from user ", " by ", " from "}) {
        const auto at = text.find(by);
        if (at == std::string_view::npos) continue;
        auto rest = text.substr(at + by.size());
        if (by.ends_with("user ")) {
            if (!split_plain(rest, peer)) continue;
        } else {
            peer.ip = take_until(rest, ' ');
            if (!IpAddress::parse(peer.ip)) continue;
            if (take(rest, "port ")) peer.port = rest.substr(0, rest.find_first_of(": "));
        }
        return set_peer(peer, out);
    }
}

std::uint64_t hash(std::string_view text, std::uint64_t seed) {
    for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    return (seed ^ 0xFF) * 0x100000001B3u;  // FNV-1a, the parts kept apart
}

}  // namespace

bool SshConnections::first_failure(std::string_view ip, std::string_view port,
                                   std::string_view pid) {
    // A process serves one connection, so its id tells connections apart; the port does without.
    const auto key = hash(pid.empty() ? port : pid, hash(ip, 0xCBF29CE484222325u)) | 1;
    auto& slot = slots_[(key >> 20) % slots_.size()];
    const bool first = slot != key;
    slot = key;
    return first;
}

void read_sshd(std::string_view pid, std::string_view message, SshConnections& connections,
               Event& out) {
    if (read_failed(message, pid, connections, out) || read_accepted(message, out) ||
        read_pam_error(message, pid, connections, out) || read_end(message, pid, connections, out))
        return;
    read_other(message, out);
}

}  // namespace kentongan::log
