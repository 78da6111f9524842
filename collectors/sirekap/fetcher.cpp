// One GET, with all that can go wrong named.
#include "collectors/sirekap/fetcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http.hpp>

#include "daemon/async/http_connection.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::sirekap {

namespace http = boost::beast::http;

namespace {

bool is_redirection(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

FetchOutcome outcome_of(int status) {
    if (status == 200) return FetchOutcome::changed;
    if (status == 304) return FetchOutcome::unchanged;
    if (status == 404 || status == 410) return FetchOutcome::missing;
    if (status == 429 || status == 503) return FetchOutcome::busy;
    if (status / 100 == 5) return FetchOutcome::server_error;
    return FetchOutcome::refused;
}

std::string text_of(const HttpUrl& url) {
    return fmt::format("{}://{}{}", url.tls ? "https" : "http", url.authority(), url.target);
}

Fetched failure(FetchOutcome outcome, const HttpUrl& url, std::string_view why, int status = 0) {
    Fetched out;
    out.outcome = outcome;
    out.status = status;
    out.error = fmt::format("GET {}: {}", text_of(url), why);
    return out;
}

HttpRequest request_for(const HttpUrl& url, const FetchSettings& settings,
                        const Validators& validators) {
    HttpRequest out{http::verb::get, url.target, 11};
    out.set(http::field::host, url.authority());
    out.set(http::field::user_agent, "kentongan/" KENTONGAN_VERSION);
    out.set(http::field::accept, "application/json");
    out.set(http::field::accept_encoding, "identity");
    if (!settings.referer.empty()) out.set(http::field::referer, settings.referer);
    if (!validators.etag.empty()) out.set(http::field::if_none_match, validators.etag);
    if (!validators.last_modified.empty())
        out.set(http::field::if_modified_since, validators.last_modified);
    return out;
}

/// Retry-After as seconds or as a date (RFC 9110, section 10.2.3).
std::optional<std::chrono::seconds> retry_after_of(const HttpAnswer& answer) {
    if (answer.retry_after) return answer.retry_after;
    const auto time = parse_http_date(answer.header(http::field::retry_after));
    if (!time) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(
        std::max<Duration>(*time - system_clock().now(), Duration{}));
}

/// Where a Location points to, seen from a URL. Neither a scheme nor a host may be left out of what
/// is no absolute path.
Result<HttpUrl> follow(const HttpUrl& from, const std::string& location) {
    if (!location.starts_with('/') || location.starts_with("//"))
        return HttpUrl::parse(location, "redirection");
    HttpUrl out = from;
    out.target = location;
    const auto checked = HttpUrl::parse(text_of(out), "redirection");
    return checked;
}

}  // namespace

struct Fetcher::Impl {
    asio::any_io_executor executor;
    FetchSettings settings;
    std::shared_ptr<HttpConnection> connection;
    std::string connected_to;

    Task<Fetched> get_once(const HttpUrl& url, const Validators& validators,
                           HttpConnection::Deadline deadline, std::string& location);
    Task<Result<HttpAnswer>> exchange(const HttpUrl& url, const HttpRequest& request,
                                      HttpConnection::Deadline deadline);
    [[nodiscard]] std::optional<std::string> refusal(const HttpUrl& from, const HttpUrl& to) const;
};

std::string_view name_of(FetchOutcome outcome) {
    using enum FetchOutcome;
    switch (outcome) {
        case changed:
            return "changed";
        case unchanged:
            return "unchanged";
        case missing:
            return "missing";
        case busy:
            return "busy";
        case server_error:
            return "server_error";
        case refused:
            return "refused";
        case too_large:
            return "too_large";
        case redirected:
            return "redirected";
        case certificate:
            return "certificate";
        case timeout:
            return "timeout";
        case failed:
            return "failed";
    }
    return "";
}

bool is_passing(FetchOutcome outcome) {
    using enum FetchOutcome;
    return outcome == busy || outcome == server_error || outcome == timeout || outcome == failed;
}

Fetcher::Fetcher(asio::any_io_executor executor, FetchSettings settings)
    : impl_(std::make_unique<Impl>(Impl{std::move(executor), std::move(settings), nullptr, {}})) {}
Fetcher::~Fetcher() = default;

Task<Fetched> Fetcher::get(HttpUrl url, Validators validators) {
    const auto deadline = asio::steady_timer::clock_type::now() + impl_->settings.timeout;
    const HttpUrl asked = url;
    for (int hops = 0; hops <= impl_->settings.redirects; ++hops) {
        std::string location;
        Fetched out = co_await impl_->get_once(url, validators, deadline, location);
        if (location.empty()) co_return out;
        const auto to = follow(url, location);
        if (!to) co_return failure(FetchOutcome::redirected, asked, to.error().message, out.status);
        if (const auto why = impl_->refusal(asked, *to))
            co_return failure(FetchOutcome::redirected, asked, *why, out.status);
        url = *to;
    }
    co_return failure(FetchOutcome::redirected, asked,
                      fmt::format("more than {} redirections", impl_->settings.redirects));
}

/// Why a redirection is not followed.
std::optional<std::string> Fetcher::Impl::refusal(const HttpUrl& from, const HttpUrl& to) const {
    if (from.tls && !to.tls) return "redirected from https to plain http";
    const bool same = to.host == from.host && to.port == from.port;
    const bool allowed =
        std::ranges::find(settings.redirect_hosts, to.host) != settings.redirect_hosts.end();
    if (same || allowed) return std::nullopt;
    return fmt::format("redirected to another host, {}", to.authority());
}

Task<Fetched> Fetcher::Impl::get_once(const HttpUrl& url, const Validators& validators,
                                      HttpConnection::Deadline deadline, std::string& location) {
    const HttpRequest request = request_for(url, settings, validators);
    auto answer = co_await exchange(url, request, deadline);
    if (!answer) {
        const bool in_time = asio::steady_timer::clock_type::now() < deadline;
        const auto outcome = connection && connection->certificate_refused()
                                 ? FetchOutcome::certificate
                             : in_time ? FetchOutcome::failed
                                       : FetchOutcome::timeout;
        Fetched out = failure(outcome, url, answer.error().message);
        out.certificate_end = connection ? connection->certificate_end() : 0;
        connection.reset();
        co_return out;
    }
    if (is_redirection(answer->status)) {
        location = answer->header(http::field::location);
        if (location.empty())
            co_return failure(FetchOutcome::refused, url, "redirected to nowhere", answer->status);
    }
    Fetched out;
    out.status = answer->status;
    out.outcome = outcome_of(answer->status);
    out.retry_after = retry_after_of(*answer);
    out.certificate_end = connection->certificate_end();
    out.made = answer->made();
    if (out.outcome == FetchOutcome::changed && !answer->whole)
        co_return failure(FetchOutcome::too_large, url,
                          fmt::format("larger than {} bytes", settings.maximum_bytes), 200);
    if (out.outcome != FetchOutcome::changed && out.outcome != FetchOutcome::unchanged)
        out.error = fmt::format("GET {}: answered {}", text_of(url), answer->status);
    out.etag = answer->header(http::field::etag);
    out.last_modified = answer->header(http::field::last_modified);
    out.body = std::move(answer->body);
    co_return out;
}

// A kept connection may have been closed by the other side: then, and only when nothing of an
// answer came, the same request goes out over a new one.
Task<Result<HttpAnswer>> Fetcher::Impl::exchange(const HttpUrl& url, const HttpRequest& request,
                                                 HttpConnection::Deadline deadline) {
    for (int attempt = 0;; ++attempt) {
        const bool kept = connection && connection->reusable() && connected_to == url.authority();
        if (!kept) {
            connection =
                std::make_shared<HttpConnection>(executor, url, url.tls ? settings.tls : nullptr);
            connected_to = url.authority();
        }
        const auto used = connection;
        const HttpWatchdog watchdog{executor, deadline, used};
        Result<> connected;
        if (!kept) connected = co_await used->connect(deadline);
        Result<HttpAnswer> answer = std::unexpected(Error{});
        if (connected)
            answer = co_await used->exchange(request, {settings.maximum_bytes, true});
        else
            answer = std::unexpected(connected.error());
        if (watchdog.fired())
            co_return fail(ErrorCode::unavailable, "no answer within {} ms ({})",
                           settings.timeout.count(), used->stage());
        if (answer || !kept || attempt > 0 || used->answered()) co_return answer;
    }
}

}  // namespace kentongan::sirekap
