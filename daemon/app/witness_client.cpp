#include "daemon/app/witness_client.hpp"

#include <boost/beast/http/verb.hpp>

#include "daemon/async/http_connection.hpp"

namespace kentongan {

namespace http = boost::beast::http;

namespace {
constexpr std::chrono::seconds kPatience{10};
}

Result<WitnessClient> WitnessClient::make(std::string name, const WitnessSettings& settings,
                                          asio::any_io_executor loop) {
    WitnessClient out;
    auto key = ledger::parse_vkey(settings.key);
    if (!key) return std::unexpected(key.error().within("witness." + name + ".key"));
    if (key->type != ledger::KeyType::witness)
        return fail(ErrorCode::config,
                    "witness.{}.key is the key of a log, not of a witness; take the one that "
                    "`kentongan evidence key show --witness` prints there",
                    name);
    out.name_ = std::move(name);
    out.url_ = settings.url;
    while (out.url_.ends_with('/')) out.url_.pop_back();
    if (!out.url_.empty()) out.url_ += "/add-checkpoint";
    out.ca_file_ = settings.ca_file;
    out.key_ = std::move(*key);
    out.loop_ = std::move(loop);
    return out;
}

Task<Result<WitnessReply>> WitnessClient::post(std::string body) const {
    const auto url = HttpUrl::parse(url_, "url of the witness");
    if (!url) co_return std::unexpected(url.error());
    std::shared_ptr<asio::ssl::context> tls;
    if (url->tls) {
        auto made = client_tls(ca_file_);
        if (!made) co_return std::unexpected(made.error());
        tls = std::move(*made);
    }
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const auto connection = std::make_shared<HttpConnection>(loop_, *url, tls);
    const HttpWatchdog watchdog{loop_, deadline, connection};
    if (auto connected = co_await connection->connect(deadline); !connected)
        co_return std::unexpected(connected.error());
    HttpRequest request{http::verb::post, url->target, 11};
    request.set(http::field::host, url->authority());
    request.set(http::field::user_agent, "kentongan/" KENTONGAN_VERSION);
    request.set(http::field::content_type, "text/plain; charset=utf-8");
    request.body() = std::move(body);
    request.prepare_payload();
    const auto answer = co_await connection->exchange(request, {std::size_t{64} << 10, true});
    if (!answer && watchdog.fired())
        co_return fail(ErrorCode::unavailable, "{}: no answer in {} s", url_, kPatience.count());
    if (!answer) co_return std::unexpected(answer.error());
    co_return WitnessReply{answer->status, answer->body};
}

}  // namespace kentongan
