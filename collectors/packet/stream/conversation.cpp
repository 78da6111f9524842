#include "collectors/packet/stream/conversation.hpp"

#include <algorithm>
#include <utility>

namespace kentongan::packet {

namespace {

Verdict verdict_of(Dissector::Outcome outcome) {
    return outcome == Dissector::Outcome::more ? Verdict::more : Verdict::foreign;
}

constexpr std::array kSides{Side::originator, Side::responder};

std::size_t index(Side side) { return static_cast<std::size_t>(side); }

}  // namespace

Tuple Conversation::tuple_from(Side client) const {
    Tuple out = flow->tuple;
    if ((client == Side::originator) == reversed) {
        std::swap(out.source, out.destination);
        std::swap(out.source_port, out.destination_port);
    }
    return out;
}

bool Conversation::finished(Side from) const {
    const FlowSide& side =
        (from == Side::originator) != reversed ? flow->originator : flow->responder;
    return side.fin && side.next == order[index(from)].next() + 1;  // a FIN takes up a number
}

/// An acknowledgement of what lies beyond any window is no reason to wait: it is forged or from
/// another life of the connection.
bool Conversation::must_wait(Side from, std::optional<std::uint32_t> acknowledges) const {
    if (!acknowledges) return false;
    const Side peer = other(from);
    const FlowSide& peer_flow =
        (peer == Side::originator) != reversed ? flow->originator : flow->responder;
    const std::int64_t ahead = static_cast<std::int32_t>(*acknowledges - order[index(peer)].next());
    return ahead > (peer_flow.fin ? 1 : 0) && ahead <= Reassembler::kWindow;
}

void Conversation::show(Side from, Bytes data, const Moment& at, ProtocolSink& out) {
    const auto begin = [&]() -> Event& {
        Event& event = out.begin(EventKind::payload, "", Side::originator, at);
        event.set(Field::network_direction, from == Side::originator ? "inbound" : "outbound");
        return event;
    };
    const auto tell = [&](Bytes window) {
        begin().set_raw(as_text(window));
        out.emit();
    };
    PayloadWindow& window = (*windows)[index(from)];
    if (data.empty())
        window.finish(tell);
    else
        window.add(data, tell);
    if (!window.take_cut()) return;
    begin().set(Field::file_scan, "too_large");  // without bytes: for the count of skips
    out.emit();
}

void Conversation::finish_windows(const Moment& at, ProtocolSink& out) {
    if (!windows) return;
    for (const Side side : kSides) show(side, {}, at, out);
}

/// Where rules look at raw bytes, what is read by nobody else goes on for them.
Verdict Conversation::unless_shown(Verdict verdict, const Context& c) {
    const bool shown = windows && ((*windows)[0].wants_more() || (*windows)[1].wants_more());
    if (verdict == Verdict::more || !shown) return verdict;
    if (dissector) dissector->end(c.at, c.out);
    dissector.reset();
    blind_ = true;
    heads_ = {};
    turns_ = {};
    return Verdict::more;
}

/// Bytes that were not seen before. The urgent byte is no part of the stream: as programs do not
/// ask for it, their systems leave it out (RFC 6093, section 3; the last one told counts, as on
/// Linux).
Verdict Conversation::read(Side from, Bytes data, const Context& c) {
    auto& urgent = urgent_[index(from)];
    if (!urgent) return hand_on(from, data, c);
    const auto size = static_cast<std::uint32_t>(data.size());
    const std::uint32_t at = *urgent - (order_of(from).next() - size);
    if (at >= size) return hand_on(from, data, c);
    urgent.reset();
    const Verdict verdict = at == 0 ? Verdict::more : hand_on(from, data.first(at), c);
    if (verdict != Verdict::more || at + 1 == size) return verdict;
    return hand_on(from, data.subspan(at + 1), c);
}

Verdict Conversation::hand_on(Side from, Bytes data, const Context& c) {
    if (windows) show(from, data, c.at, c.out);
    const Verdict verdict = blind_ ? Verdict::foreign : dissect(from, data, c);
    if (windows && dissector && dissector->encrypted()) hide_encrypted(c);
    return unless_shown(verdict, c);
}

/// What went on in the clear is still looked at; that the rest is not, is told once.
void Conversation::hide_encrypted(const Context& c) {
    finish_windows(c.at, c.out);
    windows.reset();
    c.out.begin(EventKind::payload, "", Side::originator, c.at).set(Field::file_scan, "encrypted");
    c.out.emit();
}

Verdict Conversation::dissect(Side from, Bytes data, const Context& c) {
    if (!dissector) return recognise(from, data, c);
    return verdict_of(dissector->bytes(from, data, c.at, c.out));
}

Verdict Conversation::recognise(Side from, Bytes data, const Context& c) {
    const std::uint16_t port = reversed ? flow->tuple.source_port : flow->tuple.destination_port;
    const bool first = turns_.empty();
    if (!first) {
        heads_[index(from)].append(as_text(data));
        turns_.push_back({from, data.size()});
    }
    const auto head = [&](Side side) {
        const Bytes all = !first ? as_bytes(heads_[index(side)]) : side == from ? data : Bytes{};
        return all.first(std::min(all.size(), kHeadBytes));
    };
    Recognition found =
        recognise_stream(head(Side::originator), head(Side::responder), port, c.options);
    dissector = std::move(found.dissector);
    if (dissector) return first ? dissect(from, data, c) : replay(c);
    if (!found.undecided) return Verdict::foreign;
    if (first) {
        heads_[index(from)].assign(as_text(data));
        turns_.push_back({from, data.size()});
    }
    const bool enough = heads_[0].size() >= kHeadBytes && heads_[1].size() >= kHeadBytes;
    const bool too_much = heads_[0].size() + heads_[1].size() > 8 * kHeadBytes;
    return enough || too_much ? Verdict::foreign : Verdict::more;
}

Verdict Conversation::replay(const Context& c) {
    const auto turns = std::exchange(turns_, {});
    const auto heads = std::exchange(heads_, {});
    std::array<std::size_t, 2> at{};
    Verdict verdict = Verdict::more;
    for (const Turn& turn : turns) {
        std::size_t& begin = at[index(turn.from)];
        const Bytes data = as_bytes(heads[index(turn.from)]).subspan(begin, turn.size);
        begin += turn.size;
        if (verdict == Verdict::more) verdict = dissect(turn.from, data, c);
    }
    return verdict;
}

Verdict Conversation::missing(Side from, std::uint64_t size, const Context& c) {
    if (size == 0) return Verdict::more;
    gap_bytes += size;
    if (windows) show(from, {}, c.at, c.out);
    if (dissector && dissector->gap(from, size, c.at, c.out) == Dissector::Outcome::more)
        return Verdict::more;
    return unless_shown(Verdict::given_up, c);
}

Verdict Conversation::drain(const Context& c) {
    Verdict verdict = Verdict::more;
    for (bool moved = true; moved;) {
        moved = false;
        for (const Side side : kSides) {
            Reassembler& from = order_of(side);
            while (verdict == Verdict::more && from.head() != nullptr &&
                   !must_wait(side, from.head()->acknowledges)) {
                const auto piece = from.take();
                verdict = read(side, as_bytes(piece.bytes), c);
                moved = true;
            }
        }
        if (verdict != Verdict::more) return verdict;
    }
    return verdict;
}

/// `from` holds all it may: what it waits for is given up, be it a hole of its own or bytes of the
/// other end that it acknowledged.
Verdict Conversation::make_room(Side from, const Context& c) {
    Reassembler& full = order_of(from);
    Verdict verdict = Verdict::more;
    if (full.has_gap()) {
        verdict = missing(from, full.skip_hole(), c);
    } else if (const auto* head = full.head()) {
        Reassembler& peer = order_of(other(from));
        while (verdict == Verdict::more && must_wait(from, full.head()->acknowledges)) {
            const std::uint64_t size = peer.skip_to(*head->acknowledges);
            verdict = size != 0 ? missing(other(from), size, c) : Verdict::more;
            if (size == 0) {  // the other end waits in turn: it goes first
                const auto piece = peer.take();
                verdict = read(other(from), as_bytes(piece.bytes), c);
            }
        }
    }
    return verdict == Verdict::more ? drain(c) : verdict;
}

Verdict Conversation::segment(const Segment& s, const DissectorOptions& options, const Moment& at,
                              ProtocolSink& out) {
    const Context c{options, at, out};
    Reassembler& from = order_of(s.from);
    if (s.urgent != 0) urgent_[index(s.from)] = s.sequence + s.urgent - 1;
    Verdict verdict = Verdict::more;
    if (from.is_next(s.sequence) && !must_wait(s.from, s.acknowledges)) {
        from.pass(s.data);
        verdict = read(s.from, s.data, c);
        if (verdict == Verdict::more && !order_of(other(s.from)).empty()) verdict = drain(c);
    } else {
        auto added = from.add(s.sequence, s.data, s.acknowledges);
        conflict = conflict || added.conflict;
        verdict = drain(c);
        while (verdict == Verdict::more && !added.room) {
            // One segment may be larger than all that may wait.
            verdict = from.empty() ? Verdict::given_up : make_room(s.from, c);
            if (verdict == Verdict::more) added = from.add(s.sequence, s.data, s.acknowledges);
        }
        if (verdict == Verdict::given_up) gap_bytes += added.left_out;
        if (verdict == Verdict::more) verdict = drain(c);
    }
    const std::uint32_t end = s.sequence + static_cast<std::uint32_t>(s.data.size());
    if (verdict == Verdict::more && s.cut > 0 && from.empty() && from.next() == end)
        verdict = missing(s.from, from.skip_to(end + static_cast<std::uint32_t>(s.cut)), c);
    return verdict;
}

void Conversation::drain_rest(const DissectorOptions& options, const Moment& at,
                              ProtocolSink& out) {
    const Context c{options, at, out};
    Verdict verdict = drain(c);
    while (verdict == Verdict::more && !(order[0].empty() && order[1].empty()))
        verdict = make_room(order[0].empty() ? Side::responder : Side::originator, c);
}

}  // namespace kentongan::packet
