#include "daemon/async/http_url.hpp"

#include <boost/url.hpp>

#include "daemon/base/ip.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace {
bool is_local(const std::string& host) {
    const auto address = IpAddress::parse(host);
    return address ? address->is_loopback() : host == "localhost";
}
}  // namespace

Result<HttpUrl> HttpUrl::parse(std::string_view text, std::string_view what) {
    const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::config, "{} {}: {}", what, text, why);
    };
    if (parsed.has_error()) return refuse("not a URL; write https://host/path");
    if (parsed->has_userinfo()) return refuse("user names and passwords do not belong in it");
    if (parsed->has_fragment()) return refuse("a #fragment has no meaning here");
    HttpUrl out;
    out.tls = parsed->scheme_id() == boost::urls::scheme::https;
    if (!out.tls && parsed->scheme_id() != boost::urls::scheme::http)
        return refuse("the scheme must be https");
    out.host = parsed->host_address();
    if (out.host.empty()) return refuse("it names no host");
    if (!out.tls && !is_local(out.host))
        return refuse("plain http only goes to a loopback address; use https");
    out.port = out.tls ? 443 : 80;
    if (parsed->has_port() && !parsed->port().empty()) {
        const auto digits = parsed->port();
        const auto port = parse_number<std::uint16_t>({digits.data(), digits.size()});
        if (port.value_or(0) == 0) return refuse("the port must be 1 to 65535");
        out.port = *port;
    }
    const auto target = parsed->encoded_target();
    out.target.assign(target.data(), target.size());
    if (!out.target.starts_with('/')) out.target.insert(0, "/");
    return out;
}

std::string HttpUrl::authority() const {
    const std::string name = host.find(':') == std::string::npos ? host : '[' + host + ']';
    const bool usual = port == (tls ? 443 : 80);
    return usual ? name : fmt::format("{}:{}", name, port);
}

}  // namespace kentongan
