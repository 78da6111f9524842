#pragma once
// WebhookReceiver: an agency's end of a webhook, for tests and for the demo: a small HTTP(S) server
// on loopback that verifies signatures, remembers what it got and misbehaves on request.
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/async/task.hpp"
#include "daemon/deliver/signing.hpp"

namespace kentongan {

struct ReceivedMessage {
    std::string id;  ///< webhook-id
    std::int64_t timestamp = 0;
    std::string body;
    std::string target;
    std::map<std::string, std::string> headers;  ///< names in lower case
    bool verified = false;  ///< a signature was right for one of the receiver's keys
    bool repeated = false;  ///< the id was accepted before
    int connection = 0;     ///< number of the connection it came over, from 1
    int status = 0;         ///< what was answered; 0 when nothing was
};

struct ReceiverAnswer {
    enum class Kind { answer, hang, close, cut } kind = Kind::answer;
    int status = 200;
    std::string body{};
    std::map<std::string, std::string> headers{};
};

struct ReceiverSettings {
    WebhookKeys keys{};             ///< any of them may have signed
    std::string certificate_pem{};  ///< with its chain; empty: plain HTTP
    std::string private_key_pem{};
    std::uint16_t port = 0;            ///< 0: any
    std::size_t remembered = 100'000;  ///< received() keeps the newest so many
    /// For each verified message that was answered 2xx, before the answer goes out; not for signs
    /// of life.
    std::function<void(const ReceivedMessage&)> on_accepted{};
};

/// Everything runs and is called on one executor's thread. A message whose signature is wrong is
/// answered 401, whatever the script says.
class WebhookReceiver {
  public:
    /// Listens on 127.0.0.1; throws boost::system::system_error when the port is taken.
    WebhookReceiver(asio::any_io_executor executor, ReceiverSettings settings);
    ~WebhookReceiver();
    WebhookReceiver(const WebhookReceiver&) = delete;
    WebhookReceiver& operator=(const WebhookReceiver&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// "http://127.0.0.1:port/alerts", or https with `host`.
    [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const;

    /// Answers for the next messages, one each; then the usual answer again.
    void script(std::vector<ReceiverAnswer> answers);
    void usually(ReceiverAnswer answer);
    /// Chooses the answer by the message, before script and usual answer; nothing: leave it to
    /// them.
    void choose(std::function<std::optional<ReceiverAnswer>(const ReceivedMessage&)> chooser);

    /// Stops listening and breaks every connection; connecting is refused until up().
    void down();
    void up();

    [[nodiscard]] const std::deque<ReceivedMessage>& received() const;
    /// The bodies of accepted messages in order of arrival, each id once.
    [[nodiscard]] std::vector<std::string> accepted_bodies() const;

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace kentongan
