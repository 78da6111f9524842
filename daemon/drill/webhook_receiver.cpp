#include "daemon/drill/webhook_receiver.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <set>

#include "daemon/async/task_group.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace http = boost::beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kBodyBytes = std::size_t{1} << 20;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

Task<> hang() {
    asio::steady_timer never{co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max()};
    co_await never.async_wait(asio::use_awaitable);
}

template <class Stream>
Task<> cut(Stream& stream) {
    const std::string part = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this";
    co_await asio::async_write(stream, asio::buffer(part), kTuple);
}
}  // namespace

// The tasks share it: they end a little later than the receiver.
struct WebhookReceiver::Impl : std::enable_shared_from_this<WebhookReceiver::Impl> {
    Impl(asio::any_io_executor e, ReceiverSettings s)
        : executor(std::move(e)), settings(std::move(s)), group(executor) {
        if (!settings.certificate_pem.empty()) {
            tls.emplace(ssl::context::tls_server);
            tls->use_certificate_chain(asio::buffer(settings.certificate_pem));
            tls->use_private_key(asio::buffer(settings.private_key_pem), ssl::context::pem);
        }
    }

    void listen() {
        acceptor = std::make_shared<tcp::acceptor>(
            executor, tcp::endpoint{asio::ip::address_v4::loopback(), settings.port});
        settings.port = acceptor->local_endpoint().port();
        group.spawn("accept", accept(shared_from_this(), acceptor));
    }

    static Task<> accept(std::shared_ptr<Impl> self, std::shared_ptr<tcp::acceptor> listening) {
        for (;;) {
            auto [code, socket] = co_await listening->async_accept(kTuple);
            if (!listening->is_open()) co_return;
            if (code) continue;
            self->group.spawn("serve", serve(self, std::move(socket), ++self->connections));
        }
    }

    static Task<> serve(std::shared_ptr<Impl> self, tcp::socket socket, int number) {
        if (!self->tls) {
            co_await self->serve_on(socket, number);
            co_return;
        }
        ssl::stream<tcp::socket> stream{std::move(socket), *self->tls};
        const auto [code] = co_await stream.async_handshake(ssl::stream_base::server, kTuple);
        if (!code) co_await self->serve_on(stream, number);
    }

    template <class Stream>
    Task<> serve_on(Stream& stream, int number) {
        boost::beast::flat_buffer buffer;
        for (;;) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(kBodyBytes);
            const auto [code, count] = co_await http::async_read(stream, buffer, parser, kTuple);
            if (code) co_return;
            const Request request = parser.release();
            const ReceiverAnswer answer = take(request, number);
            if (answer.kind == ReceiverAnswer::Kind::hang) co_await hang();
            if (answer.kind == ReceiverAnswer::Kind::cut) co_await cut(stream);
            if (answer.kind != ReceiverAnswer::Kind::answer) co_return;
            Response response{static_cast<http::status>(answer.status), 11};
            for (const auto& [name, value] : answer.headers) response.set(name, value);
            response.body() = answer.body;
            response.keep_alive(request.keep_alive());
            response.prepare_payload();
            const auto [failed, sent] = co_await http::async_write(stream, response, kTuple);
            if (failed || !response.keep_alive()) co_return;
        }
    }

    ReceiverAnswer take(const Request& request, int number) {
        ReceivedMessage message = read(request, number);
        const ReceiverAnswer answer = answer_to(message);
        if (answer.kind == ReceiverAnswer::Kind::answer) message.status = answer.status;
        const bool accepted = message.verified && message.status / 100 == 2;
        if (accepted) message.repeated = !accepted_ids.insert(message.id).second;
        const bool is_heartbeat = message.id.starts_with("msg_heartbeat_");
        if (accepted && !is_heartbeat && settings.on_accepted) settings.on_accepted(message);
        received.push_back(std::move(message));
        if (received.size() > settings.remembered) received.pop_front();
        return answer;
    }

    ReceivedMessage read(const Request& request, int number) const {
        ReceivedMessage message;
        for (const auto& field : request) {
            const auto name = field.name_string();
            message.headers[to_lower({name.data(), name.size()})] = field.value();
        }
        message.id = message.headers["webhook-id"];
        message.timestamp =
            parse_number<std::int64_t>(message.headers["webhook-timestamp"]).value_or(0);
        message.body = request.body();
        message.target = request.target();
        message.connection = number;
        message.verified = verify(settings.keys, message.id, message.timestamp, message.body,
                                  message.headers["webhook-signature"]);
        return message;
    }

    ReceiverAnswer answer_to(const ReceivedMessage& message) {
        if (!message.verified) return {.status = 401, .body = "wrong signature"};
        if (chooser)
            if (auto chosen = chooser(message)) return *chosen;
        if (script.empty()) return usual;
        ReceiverAnswer answer = std::move(script.front());
        script.pop_front();
        return answer;
    }

    asio::any_io_executor executor;
    ReceiverSettings settings;
    std::optional<ssl::context> tls;
    std::shared_ptr<tcp::acceptor> acceptor;
    int connections = 0;
    std::deque<ReceiverAnswer> script;
    ReceiverAnswer usual;
    std::function<std::optional<ReceiverAnswer>(const ReceivedMessage&)> chooser;
    std::deque<ReceivedMessage> received;
    std::set<std::string> accepted_ids;
    TaskGroup group;
};

WebhookReceiver::WebhookReceiver(asio::any_io_executor executor, ReceiverSettings settings)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(settings))) {
    impl_->listen();
}
WebhookReceiver::~WebhookReceiver() { down(); }

std::uint16_t WebhookReceiver::port() const { return impl_->settings.port; }
std::string WebhookReceiver::url(const std::string& host) const {
    return fmt::format("{}://{}:{}/alerts", impl_->tls ? "https" : "http", host, port());
}
void WebhookReceiver::script(std::vector<ReceiverAnswer> answers) {
    impl_->script.assign(answers.begin(), answers.end());
}
void WebhookReceiver::usually(ReceiverAnswer answer) { impl_->usual = std::move(answer); }
void WebhookReceiver::choose(
    std::function<std::optional<ReceiverAnswer>(const ReceivedMessage&)> chooser) {
    impl_->chooser = std::move(chooser);
}
void WebhookReceiver::down() {
    boost::system::error_code ignored;
    impl_->acceptor->close(ignored);
    impl_->group.cancel();
}
void WebhookReceiver::up() { impl_->listen(); }

const std::deque<ReceivedMessage>& WebhookReceiver::received() const { return impl_->received; }

std::vector<std::string> WebhookReceiver::accepted_bodies() const {
    std::vector<std::string> out;
    for (const auto& message : impl_->received)
        if (message.verified && message.status / 100 == 2 && !message.repeated)
            out.push_back(message.body);
    return out;
}

}  // namespace kentongan
