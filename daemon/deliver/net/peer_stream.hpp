#pragma once
// PeerStream: one connection to a service that speaks in lines or frames, plain or TLS, with a
// deadline over everything. Include it from a .cpp only.
#include <memory>
#include <optional>
#include <string>

#include "daemon/deliver/net/peer.hpp"

namespace kentongan {

/// On one thread; held by a shared_ptr, for what is under way may end a little later than its user.
class PeerStream : public std::enable_shared_from_this<PeerStream> {
  public:
    PeerStream(asio::any_io_executor executor, ServiceAddress address, DialPolicy policy);

    /// From now on everything fails once the deadline has passed.
    void expires_at(DialDeadline deadline);
    [[nodiscard]] bool expired() const { return expired_; }

    Task<Result<>> connect();
    /// The handshake; the peer's certificate must be the address's host's.
    Task<Result<>> start_tls(std::shared_ptr<asio::ssl::context> context);
    Task<Result<>> write(std::string text);
    /// Returns once the other side's kernel has acknowledged every byte that was written (behind a
    /// proxy: the proxy's). Linux: SIOCOUTQ, tcp(7).
    Task<Result<>> acknowledged();
    /// Without its line end; a longer one than `cap` is an error.
    Task<Result<std::string>> read_line(std::size_t cap);
    /// Notices when the peer hangs up while nothing is being read; what it says is thrown away, up
    /// to a cap, beyond which it counts as broken. Call it once, and read_line no more.
    void watch();

    [[nodiscard]] bool broken() const { return broken_; }
    [[nodiscard]] const char* stage() const { return stage_; }
    void close();

  private:
    Task<Result<std::size_t>> read_some();
    void watch_on();
    std::unexpected<Error> failed(const boost::system::error_code& code);

    ServiceAddress address_;
    DialPolicy policy_;
    asio::ip::tcp::socket socket_;
    std::shared_ptr<asio::ssl::context> context_;
    std::optional<TlsStream> tls_;
    asio::steady_timer timer_;
    DialDeadline deadline_ = DialDeadline::max();
    std::string buffer_;
    std::string chunk_ = std::string(4096, '\0');
    std::size_t unasked_ = 0;
    const char* stage_ = "idle";
    bool broken_ = false;
    bool expired_ = false;
};

}  // namespace kentongan
