#pragma once
// A client's socket with a deadline, plain or with TLS, and the two things done with it that are
// easy to get wrong.
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/async/http/tls.hpp"
#include "daemon/async/task.hpp"

namespace kentongan::web {

/// A socket that closes itself when a deadline passes: whatever waits on it then ends. One thread.
class TimedSocket : public std::enable_shared_from_this<TimedSocket> {
  public:
    /// `tls`: null for a plain socket; else handshake() comes first.
    TimedSocket(asio::ip::tcp::socket from, TlsContext tls);

    void expires_after(std::chrono::steady_clock::duration time);
    void never_expires() { timer_.cancel(); }
    void close();

    /// False when the client did not come through it.
    [[nodiscard]] Task<bool> handshake();
    /// As async_read_some.
    [[nodiscard]] Task<std::pair<boost::system::error_code, std::size_t>> read_some(
        asio::mutable_buffer buffer);
    /// False when the client is gone.
    [[nodiscard]] Task<bool> write(std::array<asio::const_buffer, 2> both);
    /// Tells the client over TLS that this was all.
    [[nodiscard]] Task<> say_goodbye();

    [[nodiscard]] bool encrypted() const { return tls_.has_value(); }
    /// The common name of the certificate the client showed; empty without one.
    [[nodiscard]] std::string client_name() const;

    asio::ip::tcp::socket socket;

  private:
    asio::steady_timer timer_;
    TlsContext context_;  // lives as long as its stream
    std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
};

/// Both texts, one after the other; false when the client is gone.
[[nodiscard]] Task<bool> write_all(TimedSocket& client, std::string head, const std::string& body);

inline constexpr auto kDrainTime = std::chrono::seconds{2};

/// Sends our end of stream and reads what the client still sends, so that the kernel does not
/// answer it with a reset that would take our last answer away.
[[nodiscard]] Task<> close_gently(TimedSocket& client);

}  // namespace kentongan::web
