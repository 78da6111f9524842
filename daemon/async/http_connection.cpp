#include "daemon/async/http_connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/beast/http.hpp>

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

}  // namespace

HttpConnection::HttpConnection(asio::any_io_executor executor, HttpUrl url,
                               std::shared_ptr<asio::ssl::context> tls, DialPolicy policy)
    : url_(std::move(url)),
      context_(std::move(tls)),
      policy_(std::move(policy)),
      socket_(executor) {
    policy_.only_loopback = !url_.tls;
}

void HttpConnection::close() {
    reusable_ = false;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

Task<Result<>> HttpConnection::connect(Deadline deadline) {
    auto dialled = co_await dial(socket_, url_.host, url_.port, policy_, deadline, stage_);
    if (!dialled || !context_) co_return dialled;
    stage_ = "TLS handshake";
    tls_.emplace(socket_, *context_);
    auto shaken = co_await kentongan::shake_hands(*tls_, url_.host, certificate_refused_);
    certificate_end_ = kentongan::certificate_end(*tls_);
    co_return shaken;
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

std::optional<Timestamp> HttpAnswer::made() const {
    if (fields.find(http::field::age) != fields.end()) return std::nullopt;
    return parse_http_date(header(http::field::date));
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
    if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
    return parse_rfc3339(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4),
                                     month_number(text.substr(8, 3)), text.substr(5, 2),
                                     text.substr(17, 8)));
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
