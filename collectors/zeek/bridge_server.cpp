#include "collectors/zeek/bridge_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>

namespace kentongan::zeek {

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);

}  // namespace

BridgeServer::BridgeServer(asio::any_io_executor executor, std::string_view source,
                           const BridgeOptions& options, Metrics& metrics, const Clock& clock,
                           EventSink& sink)
    : source_(source),
      options_(options),
      clock_(clock),
      sink_(sink),
      connected_(metrics.zeek_connected.with()),
      parsed_(metrics.zeek_records.with({"bridge", "parsed"})),
      unparsed_(metrics.zeek_records.with({"bridge", "unparsed"})),
      malformed_(metrics.zeek_records.with({"bridge", "malformed"})),
      refused_(metrics.zeek_records.with({"bridge", "refused"})),
      retimed_(metrics.zeek_records.with({"bridge", "retimed"})),
      dropped_(metrics.zeek_records.with({"bridge", "dropped"})),
      watch_(options.lost_after),
      times_(options.settle),
      group_(std::move(executor)) {}

Task<Result<>> BridgeServer::run(FileDescriptor listener) {
    connected_.set(0);
    Protocol::acceptor acceptor{co_await asio::this_coro::executor};
    acceptor.assign(Protocol{}, listener.release());
    group_.spawn("accept", accept(std::move(acceptor)));
    group_.spawn("tick", tick());
    group_.spawn("pump", pump());
    Result<> result;
    try {
        result = co_await group_.join();
    } catch (const boost::system::system_error&) {  // cancelled: the tasks end before we do
    }
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    group_.cancel();
    (void)co_await group_.join();
    co_await hand_on_the_rest();
    connected_.set(0);
    co_return result;
}

Task<> BridgeServer::accept(Protocol::acceptor acceptor) {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(kQuiet);
        if (error) {
            co_await sleep_for(options_.tick);  // out of descriptors, or cancelled
        } else if (bridges_.size() >= options_.bridges) {
            refused_.add();
            socket.close();
        } else {
            auto bridge = std::make_shared<Bridge>(std::move(socket));
            bridge->frames = FrameReader{options_.frame_bytes};
            bridge->heard = clock_.now();
            bridges_.insert(bridge);
            group_.spawn("bridge", serve(std::move(bridge)));
        }
    }
}

Task<> BridgeServer::serve(std::shared_ptr<Bridge> bridge) {
    const auto leave = [this](Bridge* b) { left(*b); };
    const std::unique_ptr<Bridge, decltype(leave)> presence{bridge.get(), leave};
    std::string buffer(kReadBytes, '\0');
    for (bool well = true; well;) {
        const auto [error, count] =
            co_await bridge->socket.async_read_some(asio::buffer(buffer), kQuiet);
        if (error) break;
        bridge->frames.feed(std::string_view(buffer).substr(0, count));
        bridge->pending = std::make_shared<Events>();
        well = take_frames(*bridge, *bridge->pending);
        bridge->waiting = true;
        if (!bridge->pending->empty() && !co_await queue_.send(bridge->pending)) break;
        bridge->waiting = false;
        bridge->pending.reset();
        bridge->heard = clock_.now();
    }
    bridges_.erase(bridge);
}

/// False: the connection has to end.
bool BridgeServer::take_frames(Bridge& bridge, Events& events) {
    Event event;
    while (const auto frame = bridge.frames.next())
        if (!take(bridge, bridge.messages.read(*frame, event), event, events)) return false;
    if (!bridge.frames.broken()) return true;
    malformed_.add();
    return false;
}

/// The first frame, and no other, is a hello.
bool BridgeServer::take(Bridge& bridge, const Message& message, Event& event, Events& events) {
    const bool is_hello = message.kind == Message::Kind::hello;
    if (message.kind == Message::Kind::malformed || is_hello == bridge.introduced) {
        malformed_.add();
        return false;
    }
    if (is_hello) introduce(bridge, message);
    if (message.kind == Message::Kind::no_record) unparsed_.add();
    if (message.kind == Message::Kind::event) events.push_back(std::move(event));
    dropped_.add(static_cast<double>(message.dropped));
    unparsed_.add(static_cast<double>(message.undecodable));
    return true;
}

void BridgeServer::introduce(Bridge& bridge, const Message& hello) {
    bridge.introduced = true;
    bridge.peer = hello.peer;
    watch_.came(bridge.peer);
    connected_.set(1);
}

void BridgeServer::left(Bridge& bridge) {
    if (!bridge.introduced) return;
    watch_.left(bridge.peer, clock_.now());
    connected_.set(watch_.present() > 0 ? 1 : 0);
}

Task<> BridgeServer::tick() {
    for (;;) {
        co_await sleep_for(options_.tick);
        drop_silent();
        auto notices = std::make_shared<Events>();
        for (const auto& peer : watch_.overdue(clock_.now())) notices->push_back(lost_notice(peer));
        if (notices->empty()) {
            // Makes the pump flush; with no room it will anyway.
            (void)queue_.offer(std::move(notices));
        } else if (!co_await queue_.send(notices)) {
            co_return;
        }
    }
}

void BridgeServer::drop_silent() {
    for (const auto& bridge : bridges_) {
        if (bridge->waiting || clock_.now() - bridge->heard < options_.silent_after) continue;
        refused_.add();
        bridge->socket.close();
    }
}

Event BridgeServer::lost_notice(const std::string& peer) const {
    constexpr std::string_view kNote = "Kentongan::Broker_Bridge_Lost";
    Event event;
    event.kind = EventKind::notice;
    event.logsource = {"", "zeek", "notice"};
    event.time = clock_.now();
    event.set(Field::zeek_notice_note, kNote);
    event.set(Field::rule_name, kNote);
    event.set(
        Field::message,
        fmt::format("no records from Zeek at {} for {} s: the bridge or its peer is gone, and "
                    "what Zeek sees is not seen here",
                    peer, options_.lost_after.count()));
    event.set(Field::host_hostname, peer);
    event.set(Field::zeek_stream, "notice");
    return event;
}

Task<> BridgeServer::pump() {
    for (;;) {
        auto batches = co_await queue_.receive_all();
        for (const Batch& batch : batches) emit(*batch);
        co_await sink_.flush(times_.promise(clock_.now()));
    }
}

void BridgeServer::emit(Events& events) {
    const auto now = clock_.now();
    for (Event& event : events) {
        const auto admitted = times_.admitted(event.time, now);
        if (event.time != Timestamp{} && admitted != event.time) retimed_.add();
        event.time = admitted;
        event.origin = {source_, ++position_};
        sink_.emit(event);
        parsed_.add();
    }
}

/// What the readers had read when the run was cancelled.
Task<> BridgeServer::hand_on_the_rest() {
    queue_.finish();
    auto batches = co_await queue_.receive_all();
    for (const auto& bridge : bridges_)
        if (bridge->pending) batches.push_back(bridge->pending);
    for (const Batch& batch : batches) emit(*batch);
    co_await sink_.flush(times_.promise(clock_.now()));
}

}  // namespace kentongan::zeek
