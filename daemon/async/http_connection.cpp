#include "daemon/async/http_connection.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/beast/http.hpp>

#include "daemon/base/ip.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kChunk = std::size_t{64} << 10;
constexpr int kInterimAnswers = 4;  // 1xx before the real one

std::unexpected<Error> broken(const char* stage, const boost::system::error_code& code) {
    return fail(ErrorCode::unavailable, "{}: {}", stage, code.message());
}

std::optional<std::chrono::seconds> retry_after(const http::fields& fields) {
    const auto found = fields.find(http::field::retry_after);
    if (found == fields.end()) return std::nullopt;
    const auto value = found->value();
    const auto seconds = parse_number<std::uint32_t>(trim({value.data(), value.size()}));
    return seconds ? std::optional{std::chrono::seconds{*seconds}} : std::nullopt;
}

/// A name lookup that can be left behind: it cannot be interrupted in the resolver's thread.
struct Lookup {
    explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}
    tcp::resolver resolver;
    asio::steady_timer done;
    boost::system::error_code code = asio::error::timed_out;
    tcp::resolver::results_type results;
};

}  // namespace

Result<std::shared_ptr<asio::ssl::context>> client_tls(const std::string& ca_file) {
    auto out = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(out->native_handle(), TLS1_2_VERSION);
    boost::system::error_code code;
    out->set_verify_mode(asio::ssl::verify_peer, code);
    if (ca_file.empty())
        out->set_default_verify_paths(code);
    else
        out->load_verify_file(ca_file, code);
    if (code) return fail(ErrorCode::config, "CA certificates {}: {}", ca_file, code.message());
    return out;
}

HttpConnection::HttpConnection(asio::any_io_executor executor, HttpUrl url,
                               std::shared_ptr<asio::ssl::context> tls)
    : url_(std::move(url)), context_(std::move(tls)), socket_(executor) {}

void HttpConnection::close() {
    reusable_ = false;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

Task<Result<HttpConnection::Endpoints>> HttpConnection::resolve(Deadline deadline) {
    boost::system::error_code code;
    if (const auto address = asio::ip::make_address(url_.host, code); !code)
        co_return Endpoints{tcp::endpoint{address, url_.port}};
    stage_ = "looking the name up";
    auto lookup = std::make_shared<Lookup>(socket_.get_executor());
    lookup->done.expires_at(deadline);
    auto finished = [lookup](boost::system::error_code result, tcp::resolver::results_type found) {
        lookup->code = result;
        lookup->results = std::move(found);
        lookup->done.expires_at(Deadline::min());
    };
    lookup->resolver.async_resolve(url_.host, std::to_string(url_.port), std::move(finished));
    co_await lookup->done.async_wait(kTuple);
    if (lookup->code) co_return broken(stage_, lookup->code);
    Endpoints out;
    for (const auto& entry : lookup->results)
        if (url_.tls || entry.endpoint().address().is_loopback()) out.push_back(entry.endpoint());
    if (out.empty())
        co_return fail(ErrorCode::config, "{} is not a loopback address: use https", url_.host);
    co_return out;
}

Task<Result<>> HttpConnection::connect(Deadline deadline) {
    const auto endpoints = co_await resolve(deadline);
    if (!endpoints) co_return std::unexpected(endpoints.error());
    stage_ = "connecting";
    const auto [code, chosen] = co_await asio::async_connect(socket_, *endpoints, kTuple);
    if (code) co_return broken(stage_, code);
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);
    if (context_) {
        auto secured = co_await shake_hands();
        if (!secured) co_return secured;
    }
    co_return Result<>{};
}

Task<Result<>> HttpConnection::shake_hands() {
    stage_ = "TLS handshake";
    tls_.emplace(socket_, *context_);
    SSL* handle = tls_->native_handle();
    X509_VERIFY_PARAM* verify = SSL_get0_param(handle);
    X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const bool is_address = IpAddress::parse(url_.host).has_value();
    const int set = is_address ? X509_VERIFY_PARAM_set1_ip_asc(verify, url_.host.c_str())
                               : X509_VERIFY_PARAM_set1_host(verify, url_.host.c_str(), 0);
    if (set != 1) co_return fail(ErrorCode::config, "{} cannot be verified as a name", url_.host);
    if (!is_address) SSL_set_tlsext_host_name(handle, url_.host.c_str());
    const auto [code] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kTuple);
    if (!code) co_return Result<>{};
    const long verified = SSL_get_verify_result(handle);
    if (verified == X509_V_OK) co_return broken(stage_, code);
    certificate_refused_ = true;
    co_return fail(ErrorCode::unavailable, "{}: the certificate is refused: {}", stage_,
                   X509_verify_cert_error_string(verified));
}

Task<Result<HttpAnswer>> HttpConnection::exchange(const HttpRequest& request, BodyLimit limit) {
    answered_ = reusable_ = false;
    if (tls_) co_return co_await exchange_on(*tls_, request, limit);
    co_return co_await exchange_on(socket_, request, limit);
}

template <class Stream>
Task<Result<HttpAnswer>> HttpConnection::exchange_on(Stream& stream, const HttpRequest& request,
                                                     BodyLimit limit) {
    stage_ = "sending";
    const auto [code, count] = co_await http::async_write(stream, request, kTuple);
    if (code) co_return broken(stage_, code);
    stage_ = "waiting for the answer";
    for (int i = 0; i < kInterimAnswers; ++i) {
        auto answer = co_await read_answer(stream, limit);
        if (!answer || answer->status / 100 != 1) co_return answer;
    }
    co_return fail(ErrorCode::data, "the answer never got past status 1xx");
}

template <class Stream>
Task<Result<HttpAnswer>> HttpConnection::read_answer(Stream& stream, BodyLimit limit) {
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    const auto [code, count] = co_await http::async_read_header(stream, buffer_, parser, kTuple);
    answered_ = answered_ || count > 0;
    if (code) co_return broken(stage_, code);
    HttpAnswer answer;
    answer.status = static_cast<int>(parser.get().result_int());
    answer.fields = parser.get();
    answer.retry_after = retry_after(answer.fields);
    const auto length = parser.content_length();
    const bool too_long = limit.refuse_longer && length && *length > limit.bytes;
    while (!too_long && !parser.is_done() && answer.body.size() < limit.bytes) {
        stage_ = "reading the answer";
        const std::size_t had = answer.body.size();
        answer.body.resize(std::min(had + kChunk, limit.bytes));
        parser.get().body() = {
            .data = answer.body.data() + had, .size = answer.body.size() - had, .more = true};
        const auto [ended, more] = co_await http::async_read(stream, buffer_, parser, kTuple);
        answer.body.resize(answer.body.size() - parser.get().body().size);
        if (ended && ended != http::error::need_buffer) co_return broken(stage_, ended);
    }
    answer.whole = parser.is_done();
    reusable_ = answer.whole && parser.keep_alive() && buffer_.size() == 0;
    co_return answer;
}

std::string HttpAnswer::header(http::field name) const {
    const auto value = fields[name];
    return {value.data(), value.size()};
}

HttpWatchdog::HttpWatchdog(const asio::any_io_executor& executor, HttpConnection::Deadline deadline,
                           const std::shared_ptr<HttpConnection>& connection)
    : timer_(executor, deadline) {
    auto bite = [state = state_, watched = std::weak_ptr{connection}](auto code) {
        const auto still_there = watched.lock();
        if (code || !still_there || *state != State::watching) return;
        *state = State::fired;
        still_there->close();
    };
    timer_.async_wait(std::move(bite));
}

HttpWatchdog::~HttpWatchdog() {
    if (!fired()) *state_ = State::ended;
}

}  // namespace kentongan
