#include "collectors/zeek/bridge/worker.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <csignal>

#include "collectors/zeek/bridge/broker_link.hpp"
#include "collectors/zeek/bridge/outbox.hpp"
#include "daemon/async/task_group.hpp"

namespace kentongan::bridge {

namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::chrono::seconds kSocketRetry{1};
constexpr std::chrono::seconds kDrain{2};
constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);

void say(std::string line) {
    line += '\n';
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

class Worker {
  public:
    Worker(asio::io_context& context, const Settings& settings, const Peer& peer)
        : settings_(settings),
          peer_(peer),
          link_(settings),
          outbox_(settings.queue_bytes),
          something_to_write_(context, asio::steady_timer::time_point::max()),
          signals_(context, SIGTERM, SIGINT),
          group_(context.get_executor()) {}

    Task<int> run() {
        group_.spawn("signals", watch_signals());
        group_.spawn("changes", watch_changes());
        group_.spawn("deadline", enforce_deadline());
        group_.spawn("messages", take_messages());
        link_.connect(peer_);
        const auto ended = co_await group_.join();
        if (!ended) say(ended.error().message);
        co_return ended ? end_ : ended.error().exit_status();
    }

  private:
    using Socket = asio::local::stream_protocol::socket;

    /// The first reason counts. Once peered, what is queued may still go out.
    void finish(int end) {
        if (ending_) return;
        ending_ = true;
        end_ = end;
        if (!peered_ || outbox_.empty()) return group_.cancel();
        something_to_write_.expires_at(asio::steady_timer::time_point::min());
        group_.spawn("drain", stop_after_drain());
    }

    Task<> stop_after_drain() {
        co_await sleep_for(kDrain);
        group_.cancel();
    }

    Task<> watch_signals() {
        const auto [error, signal] = co_await signals_.async_wait(kQuiet);
        if (!error) finish(kStopped);
    }

    Task<> enforce_deadline() {
        co_await sleep_for(settings_.peering_deadline);
        if (peered_) co_return;
        say(fmt::format(
            "no answer to Broker's handshake within {} s. The likely cause is the version: this "
            "bridge speaks the protocol of libbroker 1.4, which is Zeek 3.2's, and Zeek 4.0 or "
            "newer is silent to it; for those read the log files. Otherwise compare TLS: {} here",
            settings_.peering_deadline.count(), tls_mode()));
        finish(kNeverPeered);
    }

    std::string_view tls_mode() const {
        if (settings_.plain) return "plain";
        return settings_.mutual_tls() ? "mutual" : "anonymous";
    }

    Task<> watch_changes() {
        asio::posix::stream_descriptor ready{co_await asio::this_coro::executor,
                                             ::dup(link_.change_fd())};
        for (;;) {
            co_await ready.async_wait(ready.wait_read, asio::use_awaitable);
            for (const auto& change : link_.changes()) note(change);
        }
    }

    void note(const PeeringChange& change) {
        switch (change.kind) {
            case PeeringChange::Kind::added:
                if (std::exchange(peered_, true)) return;
                say("peered with Zeek");
                group_.spawn("writer", write());
                return;
            case PeeringChange::Kind::lost:
                say(fmt::format("lost the peer: {}", change.reason));
                return finish(kLostPeer);
            case PeeringChange::Kind::failed:
                say(
                    fmt::format("cannot peer: {}. Is Zeek there, listening (Broker::listen), and "
                                "with the same TLS mode? Here it is {}",
                                change.reason, tls_mode()));
                return finish(peered_ ? kLostPeer : kNeverPeered);
        }
    }

    Task<> take_messages() {
        asio::posix::stream_descriptor ready{co_await asio::this_coro::executor,
                                             ::dup(link_.message_fd())};
        const auto take = [this](std::string_view json) {
            if (!outbox_.push(json)) ++tally_.dropped;
        };
        for (;;) {
            co_await ready.async_wait(ready.wait_read, asio::use_awaitable);
            tally_.undecodable += link_.messages(take);
            if (!outbox_.empty())
                something_to_write_.expires_at(asio::steady_timer::time_point::min());
        }
    }

    /// To the daemon for as long as the peering lasts, over as many connections as it takes.
    Task<> write() {
        for (bool told = false;; told = true) {
            Socket socket{co_await asio::this_coro::executor};
            const auto [error] = co_await socket.async_connect(settings_.socket, kQuiet);
            if (!error) {
                say("connected to the daemon");
                const auto reason = co_await write_to(socket);
                if (ending_ && outbox_.empty()) co_return group_.cancel();
                say(fmt::format("lost the daemon at {}: {}", settings_.socket, reason.message()));
                told = false;
            } else if (!told) {
                say(fmt::format("no daemon at {}: {}; records wait, at most {} MiB of them",
                                settings_.socket, error.message(), settings_.queue_bytes >> 20));
            }
            co_await sleep_for(kSocketRetry);
        }
    }

    Task<boost::system::error_code> write_to(Socket& socket) {
        const boost::json::object hello{{"peer", peer_.name}, {"version", KENTONGAN_VERSION}};
        std::string head;
        zeek::append_frame(head, boost::json::serialize(boost::json::object{{"hello", hello}}));
        auto [error, count] = co_await asio::async_write(socket, asio::buffer(head), kQuiet);
        auto next_status = std::chrono::steady_clock::now();
        while (!error && !(ending_ && outbox_.empty())) {
            if (std::chrono::steady_clock::now() >= next_status) {
                error = co_await write_status(socket);
                next_status = std::chrono::steady_clock::now() + settings_.status_interval;
            } else if (outbox_.empty()) {
                something_to_write_.expires_at(next_status);
                co_await something_to_write_.async_wait(kQuiet);
            } else {
                error = co_await write_piece(socket);
            }
        }
        if (!error) error = co_await write_status(socket);
        co_return error;
    }

    Task<boost::system::error_code> write_piece(Socket& socket) {
        const std::string piece = outbox_.next_piece(kPieceBytes);
        const auto [error, count] = co_await asio::async_write(socket, asio::buffer(piece), kQuiet);
        tally_.forwarded += outbox_.written(count);
        co_return error;
    }

    Task<boost::system::error_code> write_status(Socket& socket) {
        const Tally reported = tally_;
        const boost::json::object status{{"forwarded", reported.forwarded},
                                         {"dropped", reported.dropped},
                                         {"undecodable", reported.undecodable}};
        std::string frame;
        zeek::append_frame(frame, boost::json::serialize(boost::json::object{{"status", status}}));
        const auto [error, count] = co_await asio::async_write(socket, asio::buffer(frame), kQuiet);
        if (error) co_return error;
        if (reported.dropped > 0)
            say(fmt::format("the daemon was too slow or away: {} records dropped",
                            reported.dropped));
        tally_.forwarded -= reported.forwarded;
        tally_.dropped -= reported.dropped;
        tally_.undecodable -= reported.undecodable;
        co_return error;
    }

    const Settings& settings_;
    const Peer& peer_;
    BrokerLink link_;
    Outbox outbox_;
    Tally tally_;
    bool peered_ = false;
    bool ending_ = false;
    int end_ = kNeverPeered;
    asio::steady_timer something_to_write_;
    asio::signal_set signals_;
    TaskGroup group_;
};

}  // namespace

void run_worker(const Settings& settings, const Peer& peer) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // no worker outlives its supervisor
    ::prctl(PR_SET_NAME, "broker-worker");
    asio::io_context context{1};
    Worker worker{context, settings, peer};
    int end = static_cast<int>(ErrorCode::internal);
    asio::co_spawn(context, worker.run(), [&](const std::exception_ptr&, int status) {
        end = status;
        context.stop();
    });
    context.run();
    std::_Exit(end);
}

}  // namespace kentongan::bridge
