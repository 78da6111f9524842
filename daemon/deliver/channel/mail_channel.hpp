#pragma once
// MailChannel: a mail by SMTP (RFC 5321) over TLS: STARTTLS (RFC 3207) or TLS from the start, with
// the server's certificate checked; AUTH PLAIN (RFC 4954). A new connection for each mail.
#include <memory>

#include "daemon/deliver/delivery_channel.hpp"
#include "daemon/deliver/net/peer.hpp"

namespace kentongan {

struct MailSettings {
    std::string url{};  ///< smtp://HOST:587 or smtps://HOST:465
    PeerSettings peer{};
    std::string from{};
    std::vector<std::string> to{};
    std::string user{};  ///< empty: no login
    std::string password_file{};
    std::string hostname{};  ///< for EHLO
};

class MailChannel final : public DeliveryChannel {
  public:
    /// Errors (config) name the URL, the address or the file at fault.
    static Result<std::unique_ptr<MailChannel>> open(asio::any_io_executor executor,
                                                     const MailSettings& settings);
    ~MailChannel() override;

    /// The body is the whole mail. Without STARTTLS nothing is sent, but to this machine itself;
    /// a login never goes over plain text. Delivered means that the server took it for all
    /// receivers.
    Task<Result<Receipt>> deliver(Delivery message) override;
    Result<Swap> reread() override;

  private:
    struct Impl;
    explicit MailChannel(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The mail as DATA sends it: CRLF line ends, dots doubled, the dot that ends it (RFC 5321 §4.5.2).
[[nodiscard]] std::string data_of(std::string_view mail);

}  // namespace kentongan
