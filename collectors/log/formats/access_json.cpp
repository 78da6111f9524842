// Access logs as JSON objects. The keys of nginx (`escape=json`) and Apache are the
// administrator's choice: they are recognised by the names of nginx's variables, by those of its
// documentation's readers, and by what Caddy and Traefik write. Other keys keep their name.
#include <algorithm>
#include <array>

#include "collectors/log/formats/json_line.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "collectors/log/formats/web_lines.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

enum class Part : std::uint8_t {
    client,
    user,
    time,
    request,
    method,
    uri,   // as the client sent it
    path,  // nginx's $uri: normalised, without the query
    query,
    protocol,
    status,
    bytes,
    referrer,
    agent,
    host,
    forwarded,
    seconds,
    nanoseconds,
    port,
    request_id,
    scheme,
    request_bytes,
    cookie,
};

struct Name {
    std::string_view key;
    Part part;
};

/// Of two names for the same part the first on the line counts.
constexpr std::array kNames{
    Name{"remote_addr", Part::client},
    Name{"realip_remote_addr", Part::client},
    Name{"remote_ip", Part::client},
    Name{"client_ip", Part::client},
    Name{"clientip", Part::client},
    Name{"client", Part::client},
    Name{"remoteIP", Part::client},
    Name{"remotehost", Part::client},
    Name{"request.client_ip", Part::client},
    Name{"request.remote_ip", Part::client},
    Name{"ClientHost", Part::client},
    Name{"remote_user", Part::user},
    Name{"user", Part::user},
    Name{"user_id", Part::user},
    Name{"ClientUsername", Part::user},
    Name{"time_local", Part::time},
    Name{"time_iso8601", Part::time},
    Name{"msec", Part::time},
    Name{"@timestamp", Part::time},
    Name{"timestamp", Part::time},
    Name{"time", Part::time},
    Name{"ts", Part::time},
    Name{"StartUTC", Part::time},
    Name{"request", Part::request},
    Name{"request_line", Part::request},
    Name{"request_method", Part::method},
    Name{"method", Part::method},
    Name{"request.method", Part::method},
    Name{"RequestMethod", Part::method},
    Name{"request_uri", Part::uri},
    Name{"request.uri", Part::uri},
    Name{"RequestPath", Part::uri},
    Name{"url", Part::uri},
    Name{"uri", Part::path},
    Name{"document_uri", Part::path},
    Name{"path", Part::path},
    Name{"args", Part::query},
    Name{"query_string", Part::query},
    Name{"query", Part::query},
    Name{"server_protocol", Part::protocol},
    Name{"protocol", Part::protocol},
    Name{"request.proto", Part::protocol},
    Name{"RequestProtocol", Part::protocol},
    Name{"status", Part::status},
    Name{"response", Part::status},
    Name{"status_code", Part::status},
    Name{"response_code", Part::status},
    Name{"DownstreamStatus", Part::status},
    Name{"body_bytes_sent", Part::bytes},
    Name{"bytes_sent", Part::bytes},
    Name{"bytes", Part::bytes},
    Name{"size", Part::bytes},
    Name{"DownstreamContentSize", Part::bytes},
    Name{"http_referer", Part::referrer},
    Name{"http_referrer", Part::referrer},
    Name{"referer", Part::referrer},
    Name{"referrer", Part::referrer},
    Name{"request.headers.Referer", Part::referrer},
    Name{"request_Referer", Part::referrer},
    Name{"http_user_agent", Part::agent},
    Name{"user_agent", Part::agent},
    Name{"userAgent", Part::agent},
    Name{"agent", Part::agent},
    Name{"request.headers.User-Agent", Part::agent},
    Name{"request_User-Agent", Part::agent},
    Name{"http_host", Part::host},
    Name{"host", Part::host},
    Name{"vhost", Part::host},
    Name{"server_name", Part::host},
    Name{"request.host", Part::host},
    Name{"RequestHost", Part::host},
    Name{"http_x_forwarded_for", Part::forwarded},
    Name{"x_forwarded_for", Part::forwarded},
    Name{"xff", Part::forwarded},
    Name{"request.headers.X-Forwarded-For", Part::forwarded},
    Name{"request_X-Forwarded-For", Part::forwarded},
    Name{"request_time", Part::seconds},
    Name{"upstream_response_time", Part::seconds},
    Name{"duration", Part::seconds},
    Name{"Duration", Part::nanoseconds},
    Name{"remote_port", Part::port},
    Name{"request.remote_port", Part::port},
    Name{"ClientPort", Part::port},
    Name{"request_id", Part::request_id},
    Name{"scheme", Part::scheme},
    Name{"request_length", Part::request_bytes},
    Name{"bytes_read", Part::request_bytes},
    Name{"http_cookie", Part::cookie},
};

const Part* part_named(std::string_view key) {
    const auto found = std::ranges::find(kNames, key, &Name::key);
    return found == kNames.end() ? nullptr : &found->part;
}

std::string_view text(const json::value& value) {
    const auto* string = value.if_string();
    return string == nullptr ? std::string_view{}
                             : std::string_view{string->data(), string->size()};
}

template <class Number>
std::optional<Number> number(const json::value& value) {
    if (value.is_string()) return parse_number<Number>(text(value));
    if (!value.is_number()) return std::nullopt;
    boost::system::error_code error;
    const auto out = value.to_number<Number>(error);
    return error ? std::nullopt : std::optional{out};
}

void keep(std::string_view& part, const json::value& value) {
    if (part.empty()) part = text(value);
}

class AccessObject {
  public:
    AccessObject(ParseContext& context, Event& out) : context_(context), out_(out) {}

    void take(std::string_view key, const json::value& value) {
        const auto* part = part_named(key);
        if (part == nullptr || !set(*part, value)) set_unmapped(key, value, context_, out_);
    }
    /// False when there is no request on the line.
    bool finish(std::string& uri) {
        const bool request = !record_.request.empty() || !record_.uri.empty() || !path_.empty();
        if (!request || (record_.client.empty() && !record_.status)) return false;
        if (record_.uri.empty() && !path_.empty()) {
            uri.assign(path_);
            if (!query_.empty() && query_ != "-" && !path_.contains('?')) uri.append("?") += query_;
            record_.uri = uri;
        }
        set_access(record_, out_);
        return true;
    }

  private:
    bool set(Part part, const json::value& value) {
        switch (part) {
            case Part::client:
                return keep(record_.client, value), true;
            case Part::user:
                return keep(record_.user, value), true;
            case Part::request:
                return value.is_string() && (keep(record_.request, value), true);
            case Part::method:
                return keep(record_.method, value), true;
            case Part::uri:
                return keep(record_.uri, value), true;
            case Part::path:
                return keep(path_, value), true;
            case Part::query:
                return keep(query_, value), true;
            case Part::protocol:
                return keep(record_.protocol, value), true;
            case Part::host:
                return keep(record_.vhost, value), true;
            case Part::forwarded:
                return keep(record_.forwarded, value), true;
            case Part::referrer:
                return set_text(record_.referrer, value);
            case Part::agent:
                return set_text(record_.agent, value);
            default:
                return set_number(part, value) || set_field(part, value);
        }
    }
    static bool set_text(std::optional<std::string_view>& out, const json::value& value) {
        if (value.is_string() && !out) out = text(value);
        return true;
    }
    bool set_number(Part part, const json::value& value) {
        if (part == Part::time) {
            const auto time = time_of(value, context_.zone);
            if (time && !record_.time) record_.time = time;
            return time.has_value();
        }
        if (part == Part::status) return (record_.status = number<std::int64_t>(value)).has_value();
        if (part == Part::bytes) {
            const auto bytes = number<std::int64_t>(value);
            if (!record_.bytes) record_.bytes = bytes;
            return bytes.has_value();
        }
        if (part != Part::seconds && part != Part::nanoseconds) return false;
        auto seconds = number<double>(value);
        if (seconds && part == Part::nanoseconds) *seconds *= 1e-9;
        if (!record_.seconds) record_.seconds = seconds;
        return seconds.has_value();
    }
    bool set_field(Part part, const json::value& value) {
        if (value.is_string() && (text(value).empty() || text(value) == "-")) return true;
        switch (part) {
            case Part::port:
                if (const auto port = number<std::int64_t>(value))
                    out_.set(Field::source_port, *port);
                return true;
            case Part::request_id:
                return set_value(Field::http_request_id, value, out_), true;
            case Part::scheme:
                return set_value(Field::url_scheme, value, out_), true;
            case Part::request_bytes:
                return set_value(Field::http_request_body_bytes, value, out_), true;
            case Part::cookie:
                return set_value(Field::http_request_cookie, value, out_), true;
            default:
                return false;
        }
    }

    ParseContext& context_;
    Event& out_;
    AccessRecord record_;
    std::string_view path_;
    std::string_view query_;
};

}  // namespace

bool read_access_object(const json::object& object, ParseContext& context, std::string& path,
                        std::string& uri, Event& out) {
    AccessObject access{context, out};
    const auto visit = [&](std::string_view key, const json::value& value) {
        access.take(key, value);
    };
    Flattening{context, path, visit}.walk(object);
    return access.finish(uri);
}

bool is_access_object(const json::object& object) {
    unsigned status = 0;
    unsigned target = 0;
    unsigned client = 0;
    for (const auto& member : object) {
        const auto* part = part_named({member.key().data(), member.key().size()});
        if (part == nullptr) continue;
        status += *part == Part::status;
        target += *part == Part::request || *part == Part::uri || *part == Part::path;
        client += *part == Part::client;
    }
    const auto* request = object.if_contains("request");  // Caddy's is an object
    if (request != nullptr && request->is_object() && request->get_object().contains("uri"))
        return status > 0;
    return status > 0 && target > 0 && client > 0;
}

}  // namespace kentongan::log
