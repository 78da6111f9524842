// Access logs of nginx and Apache: combined, common, and both with a virtual host in front. What
// the server escaped (`\x22`, `\"`) stays as logged, since rules are written against that.
#include <cstring>

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

struct AccessLine {
    std::string_view vhost;
    std::string_view client;
    std::string_view user;
    Timestamp time;
    std::string_view request;
    std::string_view status;
    std::string_view bytes;
    std::optional<std::string_view> referrer;  // absent in the common format
    std::optional<std::string_view> agent;
};

/// Where the quoted text that starts at `begin` ends: at a quote that no backslash escapes.
std::size_t closing_quote(std::string_view line, std::size_t begin) {
    for (std::size_t at = begin;;) {
        at = line.find('"', at);
        if (at == std::string_view::npos) return at;
        std::size_t slashes = 0;
        while (at - slashes > begin && line[at - slashes - 1] == '\\') ++slashes;
        if (slashes % 2 == 0) return at;
        ++at;
    }
}

bool is_status(std::string_view rest) {
    if (rest.size() < 2 || rest[0] != ' ') return false;
    if (rest[1] == '-') return rest.size() == 2 || rest[2] == ' ';
    return digits_at<3>(rest, 1) >= 0 && (rest.size() == 4 || rest[4] == ' ');
}

/// `client ident user`, or `vhost client ident user`, before the time. Users may hold spaces.
bool read_front(std::string_view front, AccessLine& out) {
    out.client = take_until(front, ' ');
    if (!scan_ip(out.client)) {
        std::string_view after = front;
        const auto second = take_until(after, ' ');
        if (scan_ip(second)) {
            out.vhost = out.client;
            out.client = second;
            front = after;
        }
    }
    const auto ident = take_until(front, ' ');
    out.user = front;
    return !out.client.empty() && !ident.empty() && !front.empty();
}

/// The request ends at the first closing quote that a status follows: some writers do not escape.
std::size_t request_end(std::string_view line, std::size_t begin) {
    std::size_t end = closing_quote(line, begin);
    while (end != std::string_view::npos && !is_status(line.substr(end + 1)))
        end = line.find('"', end + 1);
    return end;
}

std::optional<std::string_view> take_quoted(std::string_view& rest) {
    if (!take(rest, " \"")) return std::nullopt;
    const auto end = closing_quote(rest, 0);
    if (end == std::string_view::npos) return std::nullopt;
    const auto text = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return text;
}

std::optional<AccessLine> split(std::string_view line) {
    AccessLine out;
    std::size_t at = line.find(" [");
    std::optional<Timestamp> time;
    for (; at != std::string_view::npos; at = line.find(" [", at + 1))
        if ((time = scan_clf_time(line.substr(at + 2)))) break;
    if (!time || !read_front(line.substr(0, at), out)) return std::nullopt;
    out.time = *time;
    std::string_view rest = line.substr(at + 2 + kClfTimeLength);
    if (!take(rest, "] \"")) return std::nullopt;
    const auto end = request_end(rest, 0);
    if (end == std::string_view::npos) return std::nullopt;
    out.request = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    const auto status_end = rest.find(' ');
    out.status = rest.substr(0, status_end);
    if (status_end == std::string_view::npos) return out;
    rest.remove_prefix(status_end + 1);
    out.bytes = rest.substr(0, rest.find(' '));
    rest.remove_prefix(out.bytes.size());
    out.referrer = take_quoted(rest);
    if (out.referrer) out.agent = take_quoted(rest);
    return out;  // what follows, such as request times, stays in the raw line
}

bool is_method(std::string_view text) {
    if (text.empty() || text.size() > 32) return false;
    for (const char c : text)
        if (!(c >= 'A' && c <= 'Z') && c != '_' && c != '-' && !(c >= 'a' && c <= 'z'))
            return false;
    return true;
}

/// `METHOD URI [HTTP/x]`; anything else that was sent (TLS to a plain port, junk) is kept whole as
/// url.original without a method.
void set_request(std::string_view request, Event& out) {
    if (request.empty() || request == "-") return;
    const auto first = request.find(' ');
    const auto method = request.substr(0, first);
    if (first == std::string_view::npos || !is_method(method)) {
        out.set(Field::url_original, request);
        return;
    }
    auto uri = request.substr(first + 1);
    const auto last = uri.rfind(" HTTP/");
    if (last != std::string_view::npos) {
        out.set(Field::http_version, uri.substr(last + 6));
        uri = uri.substr(0, last);
    }
    out.set(Field::http_request_method, method);
    if (method == "CONNECT") {
        out.set(Field::url_original, uri);
        out.set(Field::url_domain, uri.substr(0, uri.rfind(':')));
    } else if (!uri.empty()) {
        set_url(uri, out);
    }
}

void set_response(const AccessLine& line, Event& out) {
    if (const auto status = parse_number<std::int64_t>(line.status)) {
        out.set(Field::http_response_status_code, *status);
        out.set(Field::event_outcome, *status < 400 ? "success" : "failure");
    }
    if (const auto bytes = parse_number<std::int64_t>(line.bytes); bytes && *bytes >= 0)
        out.set(Field::http_response_body_bytes, *bytes);
}

/// "-" is absence, but a client that sent no agent is told apart by an empty one.
void set_headers(const AccessLine& line, Event& out) {
    if (line.referrer && *line.referrer != "-" && !line.referrer->empty())
        out.set(Field::http_request_referrer, *line.referrer);
    if (line.agent)
        out.set(Field::user_agent_original, *line.agent == "-" ? std::string_view{} : *line.agent);
    if (line.vhost.empty() || out.has(Field::url_domain)) return;
    const auto colon = line.vhost.rfind(':');
    out.set(Field::url_domain, line.vhost.substr(0, colon));
}

class AccessFormat final : public Format {
  public:
    explicit AccessFormat(std::string_view service) : service_(service) {}

    ParseResult parse(std::string_view line, ParseContext&, Event& out) override {
        const auto access = split(line);
        if (!access) return ParseResult::unparsed;
        out.kind = EventKind::web;
        out.time = access->time;
        out.logsource = logsource();
        set_source(access->client, out);
        if (access->user != "-") out.set(Field::user_name, access->user);
        set_request(access->request, out);
        set_response(*access, out);
        set_headers(*access, out);
        return ParseResult::parsed;
    }
    LogSource logsource() const override { return {"webserver", {}, service_}; }
    std::string_view name() const override { return service_; }

  private:
    std::string_view service_;
};

}  // namespace

std::unique_ptr<Format> make_nginx(const FormatOptions&) {
    return std::make_unique<AccessFormat>("nginx");
}
std::unique_ptr<Format> make_apache(const FormatOptions&) {
    return std::make_unique<AccessFormat>("apache");
}

}  // namespace kentongan::log
