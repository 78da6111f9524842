#include "collectors/packet/protocol/recognise.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "collectors/packet/http/http_dissector.hpp"
#include "collectors/packet/protocol/dns/dns_dissector.hpp"
#include "collectors/packet/protocol/ftp/ftp_dissector.hpp"
#include "collectors/packet/protocol/quic/quic_dissector.hpp"
#include "collectors/packet/protocol/smtp/smtp_dissector.hpp"
#include "collectors/packet/protocol/sql/mysql_dissector.hpp"
#include "collectors/packet/protocol/sql/postgres_dissector.hpp"
#include "collectors/packet/protocol/ssh/ssh_dissector.hpp"
#include "collectors/packet/protocol/tls/tls_dissector.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::packet {

namespace {

/// Nothing while too few bytes are there to tell.
using Verdict = std::optional<bool>;

struct Heads {
    Bytes originator;
    Bytes responder;
    std::uint16_t port = 0;
};

Verdict begins_with(Bytes head, std::string_view sign) {
    const std::string_view text = as_text(head).substr(0, sign.size());
    if (!equals_ignoring_case(text, sign.substr(0, text.size()))) return false;
    return text.size() == sign.size() ? Verdict(true) : std::nullopt;
}

Verdict either(Verdict a, Verdict b) {
    if (a == true || b == true) return true;
    return a && b ? Verdict(false) : std::nullopt;
}
Verdict both(Verdict a, Verdict b) {
    if (a == false || b == false) return false;
    return a && b ? Verdict(true) : std::nullopt;
}
Verdict any_of(Bytes head, std::initializer_list<std::string_view> signs) {
    Verdict out = false;
    for (const std::string_view sign : signs) out = either(out, begins_with(head, sign));
    return out;
}

/// A handshake record whose first message is a ClientHello.
Verdict is_client_hello(Bytes head) {
    const auto wrong = [&](std::size_t at, auto fits) {
        return at < head.size() && !fits(head[at]);
    };
    if (wrong(0, [](auto c) { return c == 22; }) || wrong(1, [](auto c) { return c == 3; }) ||
        wrong(2, [](auto c) { return c <= 4; }) || wrong(3, [](auto c) { return c <= 0x48; }) ||
        wrong(5, [](auto c) { return c == 1; }) || wrong(6, [](auto c) { return c == 0; }))
        return false;
    return head.size() > 6 ? Verdict(true) : std::nullopt;
}

/// One who joins late, or the other way round, sees the client's hello where the server's is due.
Verdict is_tls(const Heads& heads) {
    if (is_client_hello(heads.responder) == true) return true;
    return is_client_hello(heads.originator);
}

/// Both begin with their version; one banner is enough.
Verdict is_ssh(const Heads& heads) {
    const Verdict client = begins_with(heads.originator, "SSH-");
    const Verdict server = begins_with(heads.responder, "SSH-");
    if (client == true || server == true) return true;
    return heads.originator.empty() ? std::nullopt : client;
}

Verdict is_postgres(const Heads& heads) { return begins_postgres(heads.originator); }
/// The server speaks first, and the client only in answer to it.
Verdict is_mysql(const Heads& heads) {
    if (heads.responder.empty() && !heads.originator.empty()) return false;
    return begins_mysql(heads.responder);
}

/// A length and a query of that length. Text is no such length, as letters are too large for it.
Verdict is_dns(const Heads& heads) {
    constexpr std::uint16_t kLargest = 4096;
    constexpr std::uint16_t kSmallest = 17;
    ByteReader in(heads.originator);
    const std::uint16_t size = in.u16();
    if (!in.ok()) return std::nullopt;
    if (size < kSmallest || size > kLargest) return false;
    const Bytes rest = in.rest().first(std::min<std::size_t>(in.rest().size(), size));
    ByteReader header(rest);
    header.skip(2);
    const std::uint16_t flags = header.u16();
    const std::uint16_t questions = header.u16();
    const bool usual = is_dns_port(heads.port);
    if (header.ok() && ((flags & (usual ? 0x8000 : 0xF8CF)) != 0 || questions != 1)) return false;
    if (rest.size() < size && rest.size() < kRecognitionBytes / 2) return std::nullopt;
    if (rest.size() != size) return false;
    return usual ? dns::parse_message(rest).has_value() : dns::looks_like_message(rest);
}

/// A greeting with 220 is FTP's and SMTP's alike: the first command tells them apart, or the word.
Verdict is_smtp(const Heads& heads) {
    const Verdict hello = any_of(heads.originator, {"EHLO ", "HELO "});
    const std::string_view greeting = as_text(heads.responder);
    if (hello == true)
        return heads.responder.empty() ? std::nullopt : begins_with(heads.responder, "220");
    if (hello == false) return false;
    const std::string_view line = greeting.substr(0, greeting.find('\n'));
    const bool says_so = line.starts_with("220") && line.find("SMTP") != std::string_view::npos;
    return says_so ? Verdict(true) : both(std::nullopt, begins_with(heads.responder, "220"));
}
Verdict is_ftp(const Heads& heads) {
    return both(any_of(heads.originator, {"USER ", "AUTH TLS", "AUTH SSL", "FEAT\r", "SYST\r",
                                          "OPTS ", "HOST ", "CLNT "}),
                begins_with(heads.responder, "220"));
}

std::unique_ptr<Dissector> dns_over_stream() {
    return make_dns_dissector(DnsDissector::Over::stream);
}

struct Candidate {
    Verdict (*fits)(const Heads& heads);
    std::unique_ptr<Dissector> (*make)();
};
constexpr Candidate kCandidates[] = {
    {is_tls, make_tls_dissector},
    {is_ssh, make_ssh_dissector},
    {is_postgres, make_postgres_dissector},
    {is_mysql, make_mysql_dissector},
    {is_dns, dns_over_stream},
    {is_smtp, make_smtp_dissector},
    {is_ftp, make_ftp_dissector},
};

bool is_full(Bytes head) { return head.size() >= kRecognitionBytes; }

}  // namespace

bool is_dns_port(std::uint16_t port) { return port == 53 || port == 5353 || port == 5355; }

Recognition recognise_stream(Bytes originator_head, Bytes responder_head,
                             std::uint16_t responder_port, const DissectorOptions& options) {
    const Heads heads{originator_head, responder_head, responder_port};
    Recognition out = recognise_http(originator_head, options.body_bytes);
    if (out.dissector) return out;
    for (const Candidate& candidate : kCandidates) {
        const Verdict fits = candidate.fits(heads);
        if (fits == true) return {candidate.make(), false};
        if (!fits) out.undecided = true;
    }
    if (is_full(originator_head) || is_full(responder_head)) out.undecided = false;
    return out;
}

std::unique_ptr<Dissector> recognise_datagram(Bytes head, std::uint16_t source_port,
                                              std::uint16_t destination_port,
                                              const DissectorOptions&) {
    if (quic::parse_initial(head)) return make_quic_dissector();
    const bool usual = is_dns_port(source_port) || is_dns_port(destination_port);
    if (!usual && !dns::looks_like_message(head)) return nullptr;
    const auto message = dns::parse_message(head);
    if (!message || message->header.questions == 0) return nullptr;
    // On any other port a message must be whole to the last byte.
    if (!usual && (message->cut || message->record_bytes != head.size())) return nullptr;
    return make_dns_dissector(DnsDissector::Over::datagrams);
}

}  // namespace kentongan::packet
