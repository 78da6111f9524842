#include "collectors/packet/protocol/quic/quic_dissector.hpp"

#include <algorithm>

namespace kentongan::packet {

namespace {

constexpr unsigned kMostDatagrams = 64;

std::size_t index(Side side) { return static_cast<std::size_t>(side); }

/// The body of the first handshake message when it is whole and of this type.
std::optional<Bytes> first_message(Bytes bytes, std::uint8_t type) {
    ByteReader in(bytes);
    const bool right = in.u8() == type;
    const std::size_t high = in.u8();
    const Bytes body = in.take(high << 16 | in.u16());
    return right && in.ok() ? std::optional(body) : std::nullopt;
}

}  // namespace

bool CryptoStream::add(std::uint64_t offset, Bytes data) {
    if (offset > kLargest || data.size() > kLargest - offset) return false;
    const auto begin = static_cast<std::size_t>(offset);
    const std::size_t end = begin + data.size();
    if (end <= whole_) return true;
    if (bytes_.size() < end) bytes_.resize(end);
    std::ranges::copy(as_text(data), bytes_.begin() + static_cast<std::ptrdiff_t>(begin));
    if (begin > whole_) {
        if (later_.size() == kMostParts) return false;
        std::size_t& known = later_[begin];
        known = std::max(known, end);
        return true;
    }
    whole_ = end;
    while (!later_.empty() && later_.begin()->first <= whole_) {
        whole_ = std::max(whole_, later_.begin()->second);
        later_.erase(later_.begin());
    }
    return true;
}

Dissector::Outcome QuicDissector::bytes(Side from, Bytes data, const Moment& at,
                                        ProtocolSink& out) {
    if (told_) return Outcome::done;
    const bool short_header = !data.empty() && (data.front() & 0x80) == 0;
    bool initial_seen = false;
    while (const auto initial = quic::parse_initial(data)) {
        initial_seen = true;
        if (!packet(from, *initial, out) && !talk_.client_hello && datagrams_ == 0)
            return Outcome::foreign;
        data = data.subspan(initial->packet.size());
    }
    if (!initial_seen && !talk_.client_hello && datagrams_ == 0) return Outcome::foreign;
    ++datagrams_;
    // A client's packet with a short header means that the handshake is over.
    const bool went_on = short_header && talk_.client_hello && from == talk_.client;
    if (!talk_.server_hello && !went_on && datagrams_ < kMostDatagrams) return Outcome::more;
    if (!talk_.server_hello && !went_on) out.evicted(Table::quic);
    tell(at, out);
    return Outcome::done;
}

/// Keys come from the client's first choice of a connection id; after a Retry, from its second. The
/// server's packets are under the same, whatever id they carry.
bool QuicDissector::packet(Side from, const quic::Initial& initial, ProtocolSink& out) {
    if (!keys_[0] ||
        (from == talk_.client && !talk_.client_hello &&
         as_text(initial.destination) != keyed_for_ && !crypto_[index(from)].in_order().size())) {
        if (!keys_[0]) talk_.client = from;
        keyed_for_ = as_text(initial.destination);
        keys_[index(talk_.client)] = quic::initial_keys(initial.version, initial.destination, true);
        keys_[index(other(talk_.client))] =
            quic::initial_keys(initial.version, initial.destination, false);
        talk_.quic_version = quic::version_name(initial.version);
    }
    if (!keys_[index(from)]) return false;
    const auto frames = quic::open_initial(initial, *keys_[index(from)]);
    if (!frames) return false;
    const auto parts = quic::crypto_parts(as_bytes(*frames));
    if (!parts) return false;
    if (parts->size() > quic::kMostParts) out.evicted(Table::quic);
    for (const quic::CryptoPart& part : *parts)
        if (!crypto_[index(from)].add(part.offset, part.data)) {
            out.evicted(Table::quic);
            return false;
        }
    hello(from);
    return true;
}

void QuicDissector::hello(Side from) {
    const Bytes bytes = crypto_[index(from)].in_order();
    if (from == talk_.client && !talk_.client_hello) {
        if (const auto body = first_message(bytes, 1))
            if (const auto hello = tls::parse_client_hello(*body))
                tls::note_client(*hello, 'q', talk_);
    } else if (from != talk_.client && !talk_.server_hello) {
        if (const auto body = first_message(bytes, 2))
            if (const auto hello = tls::parse_server_hello(*body); hello && !hello->retry)
                tls::note_server(*hello, talk_);
    }
}

void QuicDissector::tell(const Moment& at, ProtocolSink& out) {
    if (!told_ && talk_.client_hello) tls::emit(talk_, at, out);
    told_ = true;
}

void QuicDissector::end(const Moment& at, ProtocolSink& out) { tell(at, out); }

std::size_t QuicDissector::held_bytes() const {
    return crypto_[0].held_bytes() + crypto_[1].held_bytes() + tls::held_bytes(talk_) +
           (keys_[0] ? 256 : 0);
}

std::unique_ptr<Dissector> make_quic_dissector() { return std::make_unique<QuicDissector>(); }

}  // namespace kentongan::packet
