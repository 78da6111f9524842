#include "collectors/packet/protocol/dns/dns_dissector.hpp"

#include <algorithm>
#include <utility>

#include "collectors/packet/protocol/dns/dns_event.hpp"

namespace kentongan::packet {

namespace {

constexpr std::size_t kLargest = 65535;
constexpr unsigned kMostStrange = 8;  // datagrams that are no DNS, until the flow is none

}  // namespace

DnsDissector::DnsDissector(Over over)
    : over_(over), pending_{Pending(kLargest + 2), Pending(kLargest + 2)} {}

Dissector::Outcome DnsDissector::bytes(Side from, Bytes data, const Moment& at, ProtocolSink& out) {
    if (over_ == Over::datagrams) {
        if (!message(from, data, at, out) && ++strange_ > kMostStrange) return Outcome::foreign;
        return Outcome::more;
    }
    Pending& pending = pending_[static_cast<std::size_t>(from)];
    while (!data.empty()) {
        const Bytes part = data.first(std::min(data.size(), pending.room()));
        (void)pending.append(part);
        data = data.subspan(part.size());
        for (;;) {
            ByteReader in(pending.view());
            const std::size_t size = in.u16();
            const Bytes whole = in.take(size);
            if (!in.ok()) break;
            if (!message(from, whole, at, out)) return Outcome::foreign;
            pending.drop(2 + size);
        }
    }
    return Outcome::more;
}

bool DnsDissector::message(Side from, Bytes data, const Moment& at, ProtocolSink& out) {
    give_up_waiting(at, out);
    auto message = dns::parse_message(data);
    if (!message) return false;
    if (message->left_out) out.evicted(Table::dns);
    if (message->header.is_response())
        answer(from, *message, at, out);
    else
        ask(from, std::move(*message), at, out);
    return true;
}

/// The same query again is one that was sent again: the first one's time counts.
void DnsDissector::ask(Side from, dns::Message query, const Moment& at, ProtocolSink& out) {
    for (const Waiting& one : waiting_)
        if (one.id == query.header.id && one.from == from && one.message.name == query.name &&
            one.message.type == query.type)
            return;
    if (waiting_.size() == kMostWaiting) {
        out.evicted(Table::dns);
        const Waiting& oldest = waiting_.front();
        dns::emit(&oldest.message, nullptr, oldest.from, oldest.asked, at, out);
        waiting_.erase(waiting_.begin());
    }
    query.answers.clear();
    const std::uint16_t id = query.header.id;
    waiting_.push_back({id, from, at, std::move(query)});
}

/// An answer belongs to a query of the same id and name: else anyone could answer in its place.
void DnsDissector::answer(Side from, const dns::Message& answer, const Moment& at,
                          ProtocolSink& out) {
    const auto found = std::ranges::find_if(waiting_, [&](const Waiting& one) {
        return one.id == answer.header.id && one.from == other(from) &&
               (answer.header.questions == 0 || one.message.name == answer.name);
    });
    if (found == waiting_.end()) return dns::emit(nullptr, &answer, other(from), at, at, out);
    dns::emit(&found->message, &answer, found->from, found->asked, at, out);
    waiting_.erase(found);
}

void DnsDissector::give_up_waiting(const Moment& at, ProtocolSink& out) {
    while (!waiting_.empty() && at.time - waiting_.front().asked.time > kPatience) {
        const Waiting& oldest = waiting_.front();
        dns::emit(&oldest.message, nullptr, oldest.from, oldest.asked, at, out);
        waiting_.erase(waiting_.begin());
    }
}

void DnsDissector::end(const Moment& at, ProtocolSink& out) {
    for (const Waiting& one : waiting_)
        dns::emit(&one.message, nullptr, one.from, one.asked, at, out);
    waiting_.clear();
}

std::size_t DnsDissector::held_bytes() const {
    std::size_t held = waiting_.capacity() * sizeof(Waiting);
    for (const Waiting& one : waiting_) held += one.message.name.capacity();
    return held + pending_[0].held_bytes() + pending_[1].held_bytes();
}

std::unique_ptr<Dissector> make_dns_dissector(DnsDissector::Over over) {
    return std::make_unique<DnsDissector>(over);
}

}  // namespace kentongan::packet
