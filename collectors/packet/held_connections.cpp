// A queue of connections by when they are to be looked at again.
#include "collectors/packet/held_connections.hpp"

#include <map>
#include <tuple>
#include <utility>

namespace kentongan::packet {

namespace {

constexpr std::int64_t kInterval = 10;        // seconds
constexpr std::uint32_t kLeast = 1000;        // bytes in them that are no dribble: 100 B/s
constexpr std::uint32_t kHalf = 0x80000000u;  // a sequence number that went back is no growth

std::int64_t second_of(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::uint32_t growth(std::uint32_t from, std::uint32_t to) {
    return to - from < kHalf ? to - from : 0;
}

bool nothing_said(const Flow& flow) {
    return flow.originator.next - flow.first_sequence == 1 &&
           flow.responder.next - flow.responder_sequence == 1;
}

}  // namespace

void HeldConnections::watch(std::uint32_t index, const Flow& flow, Timestamp now) {
    if (queue_.size() == kWatched) {
        ++left_out_;
        return;
    }
    queue_.push_back({flow.first_packet, second_of(now) + kInterval, index, flow.originator.next,
                      flow.responder.next, State::first});
}

HeldConnections::Verdict HeldConnections::look_at(Watched& watched, const Flow& flow) {
    const std::uint32_t sent = growth(watched.client_next, flow.originator.next);
    const std::uint32_t answered = growth(watched.server_next, flow.responder.next);
    watched.client_next = flow.originator.next;
    watched.server_next = flow.responder.next;
    if (nothing_said(flow)) return Verdict::silent;
    if (answered > 0 || sent >= kLeast)
        watched.state = State::waiting;
    else if (sent > 0 && watched.state != State::dribbling)
        watched.state = static_cast<State>(static_cast<int>(watched.state) + 1);
    return watched.state == State::dribbling ? Verdict::dribbling : Verdict::fine;
}

TrafficSecond HeldConnections::look_at_second(std::int64_t second, FlowTable& flows) {
    using Key = std::tuple<IpAddress, std::uint16_t, IpAddress>;
    std::map<Key, TrafficSecond::Held> told;
    std::size_t sources = 0;
    TrafficSecond out;
    out.second = Timestamp{std::chrono::seconds{second}};
    out.source = source_;
    out.left_out = std::exchange(left_out_, 0);
    while (!queue_.empty() && queue_.front().due <= second) {
        Watched watched = queue_.front();
        queue_.pop_front();
        const Flow& flow = flows[watched.index];
        if (flow.first_packet != watched.first_packet || flow.ended) continue;
        const Verdict verdict = look_at(watched, flow);
        watched.due = second + kInterval;
        queue_.push_back(watched);
        if (verdict == Verdict::fine) continue;
        Key key{flow.tuple.destination, flow.tuple.destination_port, flow.tuple.source};
        if (sources >= kSources && !told.contains(key)) std::get<2>(key) = IpAddress{};
        if (told.size() >= kSources + kRests && !told.contains(key)) {
            ++out.left_out;
            continue;
        }
        auto [at, made] = told.try_emplace(key);
        sources += made && std::get<2>(key) != IpAddress{} ? 1 : 0;
        at->second.source = std::get<2>(key);
        at->second.destination = flow.tuple.destination;
        at->second.port = flow.tuple.destination_port;
        ++(verdict == Verdict::silent ? at->second.silent : at->second.dribbling);
    }
    for (auto& [key, held] : told) out.held.push_back(held);
    return out;
}

void HeldConnections::tell_before(Timestamp open, FlowTable& flows, EventSink& sink) {
    const std::int64_t end = second_of(open);
    while (!queue_.empty() && queue_.front().due < end) {
        TrafficSecond second = look_at_second(queue_.front().due, flows);
        if (!second.held.empty() || second.left_out != 0) sink.emit(std::move(second));
    }
}

}  // namespace kentongan::packet
