#include "daemon/cli/api_client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>
#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "daemon/api/tokens.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::cli {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace json = boost::json;

namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::minutes kLongWork{10};
constexpr std::chrono::seconds kSilence{45};  // three heartbeats of a stream
constexpr std::size_t kAnswerCap = std::size_t{64} << 20;
constexpr std::size_t kLineCap = std::size_t{4} << 20;

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

ErrorCode code_for(http::status status) {
    switch (status) {
        case http::status::unauthorized:
        case http::status::forbidden:
            return ErrorCode::permission;
        case http::status::not_found:
            return ErrorCode::no_input;
        case http::status::bad_request:
        case http::status::conflict:
            return ErrorCode::usage;
        default:
            return ErrorCode::temporary;
    }
}

Error problem_of(const Response& response) {
    std::string text = fmt::format("the daemon answered {}", response.result_int());
    boost::system::error_code bad;
    const auto body = json::parse(response.body(), bad);
    if (!bad && body.is_object())
        for (const auto* member : {"title", "detail"})
            if (const auto* part = body.as_object().if_contains(member); part && part->is_string())
                text += fmt::format(": {}", std::string_view(part->as_string()));
    // What is wrong with a question is told with the place.
    if (!bad && body.is_object())
        if (const auto* errors = body.as_object().if_contains("errors");
            errors != nullptr && errors->is_array())
            for (const auto& error : errors->as_array())
                if (const auto* shown =
                        error.is_object() ? error.as_object().if_contains("shown") : nullptr;
                    shown != nullptr && shown->is_string())
                    return {code_for(response.result()), std::string(shown->as_string())};
    return {code_for(response.result()), text};
}

/// One connection with an io_context of its own, so that the time limit holds for every step.
class Connection {
  public:
    beast::error_code send(const asio::ip::tcp::endpoint& endpoint, const Request& request,
                           std::chrono::seconds patience) {
        stream_.expires_after(patience);
        const auto ec = run([&](auto note) { stream_.async_connect(endpoint, note); });
        if (ec) return ec;
        return run([&](auto note) { http::async_write(stream_, request, of(note)); });
    }
    template <class Parser>
    beast::error_code read(Parser& parser) {
        return run([&](auto note) { http::async_read(stream_, buffer_, parser, of(note)); });
    }
    template <class Parser>
    beast::error_code read_header(Parser& parser) {
        return run([&](auto note) { http::async_read_header(stream_, buffer_, parser, of(note)); });
    }
    template <class Parser>
    beast::error_code read_some(Parser& parser, std::chrono::seconds patience) {
        stream_.expires_after(patience);
        return run([&](auto note) { http::async_read_some(stream_, buffer_, parser, of(note)); });
    }

  private:
    template <class Note>
    static auto of(Note note) {
        return [note](beast::error_code ec, std::size_t) { note(ec); };
    }
    template <class Begin>
    beast::error_code run(const Begin& begin) {
        beast::error_code outcome;
        begin([&outcome](beast::error_code ec) { outcome = ec; });
        context_.restart();
        context_.run();
        return outcome;
    }

    asio::io_context context_{1};
    beast::tcp_stream stream_{context_};
    beast::flat_buffer buffer_;
};

/// Of api.listen; the loopback address where that is any.
Result<asio::ip::tcp::endpoint> endpoint_of(const std::string& listen) {
    const auto colon = listen.rfind(':');
    auto host = std::string_view(listen).substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    beast::error_code bad;
    auto address = asio::ip::make_address(std::string(host), bad);
    const auto port = parse_number<std::uint16_t>(
        colon == std::string::npos ? "" : std::string_view(listen).substr(colon + 1));
    if (bad || !port) return fail(ErrorCode::config, "api.listen {}: not address:port", listen);
    if (address.is_unspecified()) address = asio::ip::address_v4::loopback();
    return asio::ip::tcp::endpoint{address, *port};
}

bool is_good(const Response& response) {
    return http::to_status_class(response.result()) == http::status_class::successful;
}

Request request_of(const std::string& listen, const std::string& token, std::string_view method,
                   const std::string& target, const std::string& body) {
    Request out{http::string_to_verb(method), target, 11, body};
    out.set(http::field::host, listen);
    out.set(http::field::user_agent, "kentongan/" KENTONGAN_VERSION);
    if (!token.empty()) out.set(http::field::authorization, "Bearer " + token);
    if (!body.empty()) out.set(http::field::content_type, "application/json");
    if (method != "GET") out.content_length(body.size());
    return out;
}

Error unreached(const std::string& listen, beast::error_code why) {
    return {ErrorCode::unavailable,
            fmt::format("ask the daemon at {}: {}; is kentongand running?", listen, why.message())};
}

/// Gives the whole lines at the beginning of `body` to `line`, and takes them away; false when it
/// wants no more.
bool take_lines(std::string& body, const std::function<bool(std::string_view)>& line) {
    std::size_t done = 0;
    for (auto end = body.find('\n'); end != std::string::npos; end = body.find('\n', done)) {
        if (!line(std::string_view{body}.substr(done, end - done))) return false;
        done = end + 1;
    }
    body.erase(0, done);
    return true;
}

}  // namespace

ApiClient::ApiClient(std::string listen, std::string token)
    : listen_(std::move(listen)), token_(std::move(token)) {}

Result<ApiClient> ApiClient::from(const Config& config) {
    if (config.api.listen.empty())
        return fail(ErrorCode::config,
                    "api.listen is empty, so this daemon has no API; commands with --db "
                    "read its database file instead");
    if (config.api.token_file.empty()) return ApiClient{config.api.listen, ""};
    const auto file = read_file(config.api.token_file, 65536);
    if (!file) return std::unexpected(file.error().within("token of the API"));
    std::string_view rest = *file;
    while (!rest.empty()) {
        const auto line = trim(take_until(rest, '\n'));
        if (!line.empty() && line.front() != '#')
            return ApiClient{config.api.listen, std::string(api::token_in(line))};
    }
    return fail(ErrorCode::config, "{} holds no token", config.api.token_file);
}

Result<json::value> ApiClient::get(const std::string& target) const {
    return request("GET", target);
}
Result<json::value> ApiClient::post(const std::string& target) const {
    return request("POST", target);
}

Result<std::string> ApiClient::get_body(const std::string& target) const {
    return body_of("GET", target, "", kPatience);
}

Result<json::value> ApiClient::post(const std::string& target, const json::value& body) const {
    return request("POST", target, json::serialize(body));
}

Result<std::string> ApiClient::post_body(const std::string& target, const std::string& body) const {
    return body_of("POST", target, body, kLongWork);
}

Result<> ApiClient::put(const std::string& target, const std::string& body) const {
    const auto answer = body_of("PUT", target, body, kPatience);
    return answer ? Result<>{} : std::unexpected(answer.error());
}
Result<> ApiClient::remove(const std::string& target) const {
    const auto answer = body_of("DELETE", target, "", kPatience);
    return answer ? Result<>{} : std::unexpected(answer.error());
}

Result<json::value> ApiClient::request(std::string_view method, const std::string& target,
                                       const std::string& content) const {
    const auto body = body_of(method, target, content, kPatience);
    if (!body) return std::unexpected(body.error());
    if (body->empty()) return json::value(nullptr);
    beast::error_code bad;
    auto answer = json::parse(*body, bad);
    if (bad) return fail(ErrorCode::data, "the daemon's answer is not JSON: {}", bad.message());
    return answer;
}

Result<std::string> ApiClient::body_of(std::string_view method, const std::string& target,
                                       const std::string& body,
                                       std::chrono::seconds patience) const {
    const auto endpoint = endpoint_of(listen_);
    if (!endpoint) return std::unexpected(endpoint.error());
    http::response_parser<http::string_body> parser;
    parser.body_limit(kAnswerCap);
    Connection connection;
    auto ec =
        connection.send(*endpoint, request_of(listen_, token_, method, target, body), patience);
    if (!ec) ec = connection.read(parser);
    if (ec) return std::unexpected(unreached(listen_, ec));
    Response response = parser.release();
    if (!is_good(response)) return std::unexpected(problem_of(response));
    return std::move(response.body());
}

Result<> ApiClient::follow(const std::string& target, const std::string& last_event_id,
                           const std::function<bool(std::string_view)>& line) const {
    const auto endpoint = endpoint_of(listen_);
    if (!endpoint) return std::unexpected(endpoint.error());
    Request request = request_of(listen_, token_, "GET", target, "");
    request.set(http::field::accept, "application/x-ndjson");
    if (!last_event_id.empty()) request.set("Last-Event-ID", last_event_id);
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    Connection connection;
    auto ec = connection.send(*endpoint, request, kPatience);
    if (!ec) ec = connection.read_header(parser);
    if (!ec && !is_good(parser.get())) {
        ec = connection.read(parser);
        if (!ec) return std::unexpected(problem_of(parser.get()));
    }
    if (ec) return std::unexpected(unreached(listen_, ec));
    while (!ec && !parser.is_done()) {
        ec = connection.read_some(parser, kSilence);
        if (!take_lines(parser.get().body(), line)) return {};
        if (parser.get().body().size() > kLineCap)
            return fail(ErrorCode::data, "the daemon at {} sends a line without an end", listen_);
    }
    return fail(ErrorCode::unavailable, "the daemon at {} broke off: {}", listen_,
                ec ? ec.message() : "its answer ended");
}

void add_parameter(std::string& target, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    target += target.find('?') == std::string::npos ? '?' : '&';
    target += fmt::format("{}={}", name, percent_encoded(value));
}

std::string percent_encoded(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

}  // namespace kentongan::cli
