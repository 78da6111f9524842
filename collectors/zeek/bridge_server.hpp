#pragma once
// The tasks behind BridgeCollector: accept, one reader a bridge, a ticker, and the one task that
// talks to the sink.
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <set>
#include <vector>

#include "collectors/zeek/bridge_collector.hpp"
#include "collectors/zeek/live_time.hpp"
#include "collectors/zeek/message.hpp"
#include "collectors/zeek/peer_watch.hpp"
#include "daemon/async/channel.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::zeek {

/// Lives for one run of the collector; all on the executor it was made with.
class BridgeServer {
  public:
    BridgeServer(asio::any_io_executor executor, std::string_view source,
                 const BridgeOptions& options, Metrics& metrics, const Clock& clock,
                 EventSink& sink);

    [[nodiscard]] Task<Result<>> run(FileDescriptor listener);

  private:
    using Protocol = asio::local::stream_protocol;
    using Events = std::vector<Event>;
    using Batch = std::shared_ptr<Events>;

    /// One connection; it counts as a bridge once it has said hello.
    struct Bridge {
        explicit Bridge(Protocol::socket s) : socket(std::move(s)) {}
        Protocol::socket socket;
        FrameReader frames;
        MessageReader messages;
        Timestamp heard{};
        bool waiting = false;  ///< for us, so its silence says nothing
        bool introduced = false;
        std::string peer;
        Batch pending;  ///< read, and not in the queue yet
    };

    Task<> accept(Protocol::acceptor acceptor);
    Task<> serve(std::shared_ptr<Bridge> bridge);
    Task<> tick();
    Task<> pump();

    bool take_frames(Bridge& bridge, Events& events);
    bool take(Bridge& bridge, const Message& message, Event& event, Events& events);
    void introduce(Bridge& bridge, const Message& hello);
    void left(Bridge& bridge);
    void drop_silent();
    Event lost_notice(const std::string& peer) const;
    void emit(Events& events);
    Task<> hand_on_the_rest();

    std::string_view source_;
    const BridgeOptions& options_;
    const Clock& clock_;
    EventSink& sink_;
    Gauge connected_;
    Counter parsed_, unparsed_, malformed_, refused_, retimed_, dropped_;
    Channel<Batch> queue_{4};
    PeerWatch watch_;
    LiveTime times_;
    std::uint64_t position_ = 0;
    std::set<std::shared_ptr<Bridge>> bridges_;
    TaskGroup group_;
};

}  // namespace kentongan::zeek
