#include "collectors/packet/protocol/tls/tls_event.hpp"

#include <algorithm>
#include <iterator>

#include "collectors/packet/protocol/pending.hpp"
#include "collectors/packet/protocol/tls/fingerprint.hpp"
#include "collectors/packet/protocol/tls/names.hpp"

namespace kentongan::packet::tls {

namespace {

constexpr std::size_t kMostCiphers = 256;
constexpr std::size_t kLongestName = 1024;

void set_client(const Conversation& talk, Event& event) {
    static const Field kProtocols = field_named("tls.client.supported_protocols");
    set_text(event, Field::tls_client_server_name, talk.server_name);
    set_text(event, Field::tls_client_ja3, talk.ja3);
    set_text(event, Field::tls_client_ja4, talk.ja4);
    for (const auto cipher : talk.ciphers)
        event.set(Field::tls_client_supported_ciphers, cipher_name(cipher));
    for (const std::string& protocol : talk.protocols) event.set(kProtocols, protocol);
    if (talk.client_certificate) event.set(Field::tls_client_certificate_seen, true);
}

void set_leaf(const Certificate& leaf, Event& event) {
    set_text(event, Field::tls_server_subject, leaf.subject);
    set_text(event, Field::tls_server_issuer, leaf.issuer);
    set_text(event, Field::tls_server_common_name, leaf.common_name);
    set_text(event, Field::tls_server_serial_number, leaf.serial);
    set_text(event, Field::tls_server_not_before, leaf.not_before);
    set_text(event, Field::tls_server_not_after, leaf.not_after);
    set_text(event, Field::tls_server_public_key_algorithm, leaf.public_key_algorithm);
    for (const std::string& name : leaf.alternative_names)
        set_text(event, Field::tls_server_alternative_names, name);
    event.set(Field::tls_server_hash_sha1, leaf.sha1);
    event.set(Field::tls_server_hash_sha256, leaf.sha256);
}

void set_server(const Conversation& talk, Event& event) {
    event.set(Field::tls_version, version_name(talk.version));
    event.set(Field::tls_cipher, cipher_name(talk.cipher));
    set_text(event, Field::tls_next_protocol, talk.protocol);
    set_text(event, Field::tls_server_ja3s, talk.ja3s);
    if (talk.curve) event.set(Field::tls_curve, curve_name(*talk.curve));
    if (talk.chain_length > 0)
        event.set(Field::tls_server_chain_length, static_cast<std::int64_t>(talk.chain_length));
    if (talk.leaf) set_leaf(*talk.leaf, event);
}

}  // namespace

void note_client(const ClientHello& hello, char transport, Conversation& out) {
    out.client_hello = true;
    out.server_name = hello.server_name.substr(0, kLongestName);
    out.protocols.assign(hello.protocols.begin(), hello.protocols.end());
    out.left_out |= hello.left_out;
    out.ciphers.clear();
    std::ranges::remove_copy_if(hello.ciphers, std::back_inserter(out.ciphers), is_grease);
    if (out.ciphers.size() > kMostCiphers) out.left_out = true;
    out.ciphers.resize(std::min(out.ciphers.size(), kMostCiphers));
    out.ciphers.shrink_to_fit();
    out.session_id = as_text(hello.session_id);
    out.ja3 = ja3(hello);
    out.ja4 = ja4(hello, transport);
}

void note_server(const ServerHello& hello, Conversation& out) {
    constexpr std::uint16_t kTls13 = 0x0304;
    out.server_hello = true;
    out.version = hello.version;
    out.cipher = hello.cipher;
    out.left_out |= hello.left_out;
    out.ja3s = ja3s(hello);
    out.protocol = hello.protocol;
    if (hello.group) out.curve = hello.group;
    out.resumed = hello.version >= kTls13 && hello.takes_key;
}

void note_certificates(Bytes message, Conversation& out) {
    constexpr std::size_t kMostCertificates = 32;
    const auto chain = parse_certificates(message, kMostCertificates + 1);
    out.left_out |= chain.size() > kMostCertificates;
    out.chain_length = std::min(chain.size(), kMostCertificates);
    if (!chain.empty()) out.leaf = parse_certificate(chain.front());
}

void emit(const Conversation& talk, const Moment& at, ProtocolSink& out) {
    if (talk.left_out) out.evicted(Table::tls);
    Event& event = out.begin(EventKind::tls, "", talk.client, at);
    event.logsource = {"", "zeek", "ssl"};
    if (talk.leaf) event.also = {"", "zeek", "x509"};
    const bool quic = !talk.quic_version.empty();
    event.set(Field::network_protocol, quic ? "quic" : "tls");
    set_text(event, Field::quic_version, talk.quic_version);
    if (talk.client_hello) set_client(talk, event);
    if (talk.server_hello) set_server(talk, event);
    if (talk.alert) event.set(Field::tls_alert, alert_name(*talk.alert));
    if (!quic) event.set(Field::tls_established, talk.established);
    if (talk.server_hello) event.set(Field::tls_resumed, talk.resumed);
    out.emit();
}

std::size_t held_bytes(const Conversation& talk) {
    std::size_t held = talk.server_name.capacity() + talk.ciphers.capacity() * 2 +
                       talk.ja3.capacity() + talk.ja4.capacity() + talk.ja3s.capacity();
    for (const std::string& one : talk.protocols) held += sizeof one + one.capacity();
    if (!talk.leaf) return held;
    held += talk.leaf->subject.capacity() + talk.leaf->issuer.capacity() + 512;
    for (const std::string& one : talk.leaf->alternative_names) held += sizeof one + one.capacity();
    return held;
}

}  // namespace kentongan::packet::tls
