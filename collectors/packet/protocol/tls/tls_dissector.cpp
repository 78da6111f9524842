#include "collectors/packet/protocol/tls/tls_dissector.hpp"

#include <algorithm>

#include "collectors/packet/protocol/tls/names.hpp"

namespace kentongan::packet {

namespace {

using tls::ContentType;

enum Handshake : std::uint8_t {
    client_hello = 1,
    server_hello = 2,
    certificate = 11,
    server_key_exchange = 12,
    server_hello_done = 14,
};

constexpr std::uint16_t kTls13 = 0x0304;
/// TLS 1.3's Finished takes 36 bytes or more, and 17 of encryption; an alert takes 19 in all.
constexpr std::uint16_t kSmallestFinished = 53;

std::size_t index(Side side) { return static_cast<std::size_t>(side); }

}  // namespace

bool TlsDissector::is_tls13() const { return talk_.server_hello && talk_.version >= kTls13; }

Dissector::Outcome TlsDissector::bytes(Side from, Bytes data, const Moment& at, ProtocolSink& out) {
    if (told_) return Outcome::done;
    tls::RecordReader& records = ends_[index(from)].records;
    while (auto next = records.next(data)) {
        piece(from, *next);
        if (foreign_) return tell(Outcome::foreign, at, out);
        if (over_) return tell(Outcome::done, at, out);
    }
    return records.broken() ? tell(Outcome::foreign, at, out) : Outcome::more;
}

void TlsDissector::piece(Side from, const tls::Piece& piece) {
    End& end = ends_[index(from)];
    switch (piece.type) {
        case ContentType::change_cipher_spec:
            // TLS 1.3 sends one to please middleboxes, also before its version is known.
            if (piece.ends && !is_tls13()) end.encrypts = true;
            break;
        case ContentType::alert:
            alert(end, piece);
            break;
        case ContentType::handshake:
            handshake(from, piece);
            break;
        case ContentType::application_data:
            encrypted(from, piece);
            break;
    }
}

void TlsDissector::handshake(Side from, const tls::Piece& piece) {
    End& end = ends_[index(from)];
    if (end.encrypts && talk_.server_hello && !is_tls13()) {
        if (piece.ends) end.finished = true;
        over_ = talk_.established = ends_[0].finished && ends_[1].finished;
        if (over_) talk_.resumed = !full_handshake_;
        return;
    }
    Bytes fragment = piece.data;
    while (auto next = end.messages.next(fragment)) message(from, *next);
}

void TlsDissector::message(Side from, const tls::MessageReader::Message& message) {
    switch (message.type) {
        case client_hello: {
            const auto hello = tls::parse_client_hello(message.body);
            if (!hello) foreign_ = true;
            if (!hello || talk_.client_hello) return;  // the second one answers a retry
            talk_.client = from;
            return tls::note_client(*hello, 't', talk_);
        }
        case server_hello: {
            const auto hello = tls::parse_server_hello(message.body);
            if (!hello) foreign_ = true;
            if (!hello || hello->retry) return;
            if (!talk_.client_hello) talk_.client = other(from);
            return tls::note_server(*hello, talk_);
        }
        case certificate:
            if (from == talk_.client) {
                talk_.client_certificate |= message.body.size() > 3;
            } else {
                full_handshake_ = true;
                tls::note_certificates(message.body, talk_);
            }
            return;
        case server_key_exchange:
            full_handshake_ = true;
            if (tls::cipher_name(talk_.cipher).starts_with("TLS_ECDHE"))
                talk_.curve = tls::parse_key_exchange_curve(message.body);
            return;
        case server_hello_done:
            full_handshake_ = true;
            return;
        default:
            return;
    }
}

void TlsDissector::alert(End& end, const tls::Piece& piece) {
    constexpr std::uint8_t kFatal = 2;
    constexpr std::uint8_t kCloseNotify = 0;
    if (piece.record_bytes != 2) return;  // encrypted: what it says is not known
    for (const std::uint8_t byte : piece.data) end.alert[end.alert_bytes++ % 2] = byte;
    if (!piece.ends || end.encrypts) return;
    if (end.alert[1] != kCloseNotify) talk_.alert = end.alert[1];
    if (end.alert[0] == kFatal || end.alert[1] == kCloseNotify) over_ = true;
}

/// In TLS 1.3 the client's first record that is no alert is its Finished, which answers the
/// server's. Before, application data follows the handshake only.
void TlsDissector::encrypted(Side from, const tls::Piece& piece) {
    if (!piece.ends) return;
    if (!is_tls13()) {
        const bool both = ends_[0].encrypts && ends_[1].encrypts;
        if (talk_.server_hello && both) over_ = talk_.established = true;
        return;
    }
    End& end = ends_[index(from)];
    if (from != talk_.client) end.finished = true;
    const bool server_finished = ends_[index(other(talk_.client))].finished;
    if (from == talk_.client && server_finished && piece.record_bytes >= kSmallestFinished)
        over_ = talk_.established = true;
}

Dissector::Outcome TlsDissector::tell(Outcome outcome, const Moment& at, ProtocolSink& out) {
    if (!told_ && (talk_.client_hello || talk_.server_hello)) tls::emit(talk_, at, out);
    told_ = true;
    return outcome;
}

Dissector::Outcome TlsDissector::gap(Side, std::uint64_t, const Moment& at, ProtocolSink& out) {
    return tell(Outcome::foreign, at, out);
}

void TlsDissector::end(const Moment& at, ProtocolSink& out) { (void)tell(Outcome::done, at, out); }

std::size_t TlsDissector::held_bytes() const {
    return tls::held_bytes(talk_) + ends_[0].messages.held_bytes() + ends_[1].messages.held_bytes();
}

std::unique_ptr<Dissector> make_tls_dissector() { return std::make_unique<TlsDissector>(); }

}  // namespace kentongan::packet
