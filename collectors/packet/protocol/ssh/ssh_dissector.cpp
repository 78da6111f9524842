#include "collectors/packet/protocol/ssh/ssh_dissector.hpp"

#include <algorithm>

#include "collectors/packet/protocol/login.hpp"
#include "collectors/packet/protocol/ssh/packets.hpp"

namespace kentongan::packet {

namespace {

constexpr std::size_t kLargestPacket = 35000;  // RFC 4253, section 6.1
constexpr std::size_t kLongestBanner = 255;
constexpr std::size_t kLongestGreeting = 4096;  // lines that a server may send before its banner
constexpr std::uint8_t kKexInit = 20;
constexpr std::uint8_t kNewKeys = 21;

constexpr std::string_view kGuessed = "guessed from the sizes of encrypted packets";

std::size_t index(Side side) { return static_cast<std::size_t>(side); }

}  // namespace

SshDissector::SshDissector()
    : ends_{End{Pending(kLargestPacket + 8192), {}, {}},
            End{Pending(kLargestPacket + 8192), {}, {}}} {}

Dissector::Outcome SshDissector::bytes(Side from, Bytes data, const Moment& at, ProtocolSink& out) {
    if (told_) return Outcome::done;
    End& end = ends_[index(from)];
    while (!data.empty()) {
        if (end.encrypted) {
            // The guess's sizes are those of encrypted segments: both ends must be that far.
            guess_.bytes(from, data.size(), at.packet);
            tell_logins(at, out);
            break;
        }
        const Bytes part = data.first(std::min(data.size(), end.pending.room()));
        data = data.subspan(part.size());
        if (part.empty() || !end.pending.append(part)) foreign_ = true;
        while (!foreign_ && !end.encrypted &&
               (end.banner.empty() ? read_banner(end) : read_packet(from, at))) {
        }
        if (foreign_) {
            tell(at, out);
            return Outcome::foreign;
        }
    }
    if (!guess_.succeeded() && !guess_.given_up()) return Outcome::more;
    tell(at, out);
    return Outcome::done;
}

bool SshDissector::read_banner(End& end) {
    const std::string_view text = end.pending.text();
    const auto newline = text.find('\n');
    if (std::min(newline, text.size()) > kLongestGreeting) foreign_ = true;
    if (foreign_ || newline == std::string_view::npos) return false;
    std::string_view line = text.substr(0, newline);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("SSH-")) end.banner = line.substr(0, kLongestBanner);
    end.pending.drop(newline + 1);
    return true;
}

bool SshDissector::read_packet(Side from, const Moment& at) {
    End& end = ends_[index(from)];
    if (end.banner.starts_with("SSH-1.") && !end.banner.starts_with("SSH-1.99")) {
        end.pending.clear();  // the first version is told by its banner only
        return false;
    }
    ByteReader in(end.pending.view());
    const std::uint32_t size = in.u32();
    if (!in.ok()) return false;
    if (size < 2 || size > kLargestPacket) {
        foreign_ = true;
        return false;
    }
    ByteReader packet(in.take(size));
    if (!in.ok()) return false;
    const std::size_t padding = packet.u8();
    if (padding >= packet.rest().size()) {
        foreign_ = true;
        return false;
    }
    const Bytes payload = packet.rest().first(packet.rest().size() - padding);
    if (payload[0] == kKexInit) {
        const auto offer = ssh::parse_key_exchange(payload);
        foreign_ = !offer;
        if (offer && end.hassh.empty()) end.hassh = ssh::hassh(*offer, from != guess_.client);
    }
    end.encrypted = payload[0] == kNewKeys;
    end.pending.drop(4 + std::size_t{size});
    if (end.encrypted && !end.pending.empty()) {
        guess_.bytes(from, end.pending.size(), at.packet);
        end.pending.clear();
    }
    return true;
}

/// Servers allow few attempts in a connection; what claims to be more is no SSH server's doing.
void SshDissector::tell_logins(const Moment& at, ProtocolSink& out) {
    constexpr unsigned kMostTold = 32;
    for (; failures_told_ < std::min(guess_.failures(), kMostTold); ++failures_told_)
        emit_auth({"ssh", guess_.client, false, {}, kGuessed}, at, out);
}

void SshDissector::tell(const Moment& at, ProtocolSink& out) {
    static const Field kSuccess = field_named("auth_success");
    const End& client = ends_[index(guess_.client)];
    const End& server = ends_[index(other(guess_.client))];
    if (told_ || (client.banner.empty() && server.banner.empty())) return;
    told_ = true;
    Event& event = out.begin(EventKind::ssh, "", guess_.client, at);
    event.logsource = {"", "zeek", "ssh"};
    event.set(Field::network_protocol, "ssh");
    set_text(event, Field::ssh_client_version, client.banner);
    set_text(event, Field::ssh_server_version, server.banner);
    set_text(event, Field::ssh_client_hassh, client.hassh);
    set_text(event, Field::ssh_server_hassh, server.hassh);
    const bool success = guess_.succeeded();
    const unsigned attempts = guess_.failures() + (success ? 1 : 0);
    event.set(Field::ssh_auth_attempts, std::int64_t{attempts});
    event.set(Field::event_action, "ssh-login");
    event.set(Field::event_outcome, success ? "success" : attempts > 0 ? "failure" : "unknown");
    if (attempts > 0) {
        event.set(Field::event_reason, kGuessed);
        event.set(kSuccess, success);
    }
    out.emit();
    tell_logins(at, out);
    if (success) emit_auth({"ssh", guess_.client, true, {}, kGuessed}, at, out);
}

Dissector::Outcome SshDissector::gap(Side, std::uint64_t, const Moment& at, ProtocolSink& out) {
    tell(at, out);
    return Outcome::foreign;
}

void SshDissector::end(const Moment& at, ProtocolSink& out) {
    guess_.flush();
    tell(at, out);
}

std::size_t SshDissector::held_bytes() const {
    std::size_t held = 0;
    for (const End& end : ends_)
        held += end.pending.held_bytes() + end.banner.capacity() + end.hassh.capacity();
    return held;
}

std::unique_ptr<Dissector> make_ssh_dissector() { return std::make_unique<SshDissector>(); }

}  // namespace kentongan::packet
