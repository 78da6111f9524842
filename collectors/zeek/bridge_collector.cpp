#include "collectors/zeek/bridge_collector.hpp"

#include <unistd.h>

#include "collectors/zeek/bridge_server.hpp"
#include "collectors/zeek/unix_listener.hpp"

namespace kentongan::zeek {

BridgeCollector::BridgeCollector(std::string name, Options options, Metrics& metrics,
                                 const Clock& clock)
    : name_(std::move(name)), options_(std::move(options)), metrics_(metrics), clock_(clock) {}

Task<Result<>> BridgeCollector::run(EventSink& sink) {
    auto listener = listen_unix(options_.socket, options_.mode);
    if (!listener) co_return std::unexpected(listener.error());
    const auto executor = co_await asio::this_coro::executor;
    BridgeServer server{executor, intern_text(name_), options_, metrics_, clock_, sink};
    const auto result = co_await server.run(std::move(*listener));
    ::unlink(options_.socket.c_str());
    co_return result;
}

}  // namespace kentongan::zeek
