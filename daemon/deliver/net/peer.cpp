#include "daemon/deliver/net/peer.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

Result<DialPolicy> policy_of(const PeerSettings& settings) {
    DialPolicy out;
    for (const std::string& text : settings.allow) {
        const auto network = IpNetwork::parse(text);
        if (!network)
            return fail(ErrorCode::config, "allow: \"{}\" is no network such as 203.0.113.0/24",
                        text);
        out.allowed.push_back(*network);
    }
    if (settings.proxy.empty()) return out;
    const auto proxy = parse_proxy(settings.proxy);
    if (!proxy) return std::unexpected(proxy.error());
    out.proxy_host = proxy->first;
    out.proxy_port = proxy->second;
    return out;
}

Result<ServiceAddress> ServiceAddress::parse(
    std::string_view text,
    const std::vector<std::pair<std::string_view, std::uint16_t>>& default_ports) {
    const auto colon = text.find("://");
    ServiceAddress out;
    std::string known;
    for (const auto& [scheme, port] : default_ports) {
        known += fmt::format("{}{}://", known.empty() ? "" : ", ", scheme);
        if (colon == std::string_view::npos || text.substr(0, colon) != scheme) continue;
        out.scheme = scheme;
        out.port = port;
    }
    if (out.scheme.empty())
        return fail(ErrorCode::config, "url \"{}\": expected {}HOST:PORT", text, known);
    std::string_view rest = text.substr(colon + 3);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    std::string_view port;
    if (rest.starts_with('[')) {
        rest.remove_prefix(1);
        out.host = take_until(rest, ']');
        if (rest.starts_with(':')) port = rest.substr(1);
    } else {
        out.host = take_until(rest, ':');
        port = rest;
    }
    if (!port.empty()) out.port = parse_number<std::uint16_t>(port).value_or(0);
    if (out.host.empty() || out.port == 0 ||
        out.host.find_first_of("/@?# \r\n") != std::string::npos)
        return fail(ErrorCode::config, "url \"{}\": names no host and port", text);
    return out;
}

Result<std::string> load_password(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return fail_errno("open", path, errno);
    if ((status.st_mode & S_IROTH) != 0)
        return fail(ErrorCode::permission, "{}: everybody may read it; chmod 600 it", path);
    const auto text = read_file(path, 4096);
    if (!text) return std::unexpected(text.error());
    std::string_view line = *text;
    line = trim(take_until(line, '\n'));
    if (line.empty()) return fail(ErrorCode::config, "{}: there is no password in it", path);
    return std::string(line);
}

}  // namespace kentongan
