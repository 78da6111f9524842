#pragma once
// A client's socket with a deadline, and the two things done with it that are easy to get wrong.
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "daemon/async/task.hpp"

namespace kentongan::web {

/// A socket that closes itself when a deadline passes: whatever waits on it then ends. One thread.
class TimedSocket : public std::enable_shared_from_this<TimedSocket> {
  public:
    explicit TimedSocket(asio::ip::tcp::socket from)
        : socket(std::move(from)), timer_(socket.get_executor()) {}

    void expires_after(std::chrono::steady_clock::duration time);
    void never_expires() { timer_.cancel(); }
    void close();

    asio::ip::tcp::socket socket;

  private:
    asio::steady_timer timer_;
};

/// Both texts, one after the other; false when the client is gone.
[[nodiscard]] Task<bool> write_all(TimedSocket& client, std::string head, const std::string& body);

inline constexpr auto kDrainTime = std::chrono::seconds{2};

/// Sends our end of stream and reads what the client still sends, so that the kernel does not
/// answer it with a reset that would take our last answer away.
[[nodiscard]] Task<> close_gently(TimedSocket& client);

}  // namespace kentongan::web
