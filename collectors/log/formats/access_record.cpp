// One request as a web server logged it, and its way to an event.
#include "collectors/log/formats/access_record.hpp"

#include <cmath>

#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

bool is_absent(std::string_view text) { return text.empty() || text == "-"; }

bool is_method(std::string_view text) {
    if (text.empty() || text.size() > 32) return false;
    for (const char c : text)
        if (!(c >= 'A' && c <= 'Z') && c != '_' && c != '-' && !(c >= 'a' && c <= 'z'))
            return false;
    return true;
}

void set_target(std::string_view method, std::string_view uri, Event& out) {
    out.set(Field::http_request_method, method);
    if (method == "CONNECT") {
        out.set(Field::url_original, uri);
        out.set(Field::url_domain, uri.substr(0, uri.rfind(':')));
    } else if (!uri.empty()) {
        set_url(uri, out);
    }
}

void set_response(const AccessRecord& record, Event& out) {
    if (record.status) {
        out.set(Field::http_response_status_code, *record.status);
        out.set(Field::event_outcome, *record.status < 400 ? "success" : "failure");
    }
    if (record.bytes && *record.bytes >= 0) out.set(Field::http_response_body_bytes, *record.bytes);
    if (record.seconds && *record.seconds >= 0 && *record.seconds < 1e9)
        out.set(Field::event_duration,
                static_cast<std::int64_t>(std::llround(*record.seconds * 1e9)));
}

/// "-" is absence, but a client that sent no agent is told apart by an empty one.
void set_headers(const AccessRecord& record, Event& out) {
    if (record.referrer && !is_absent(*record.referrer))
        out.set(Field::http_request_referrer, *record.referrer);
    if (record.agent)
        out.set(Field::user_agent_original,
                *record.agent == "-" ? std::string_view{} : *record.agent);
    if (!record.forwarded.empty())
        if (const auto ip = first_forwarded(record.forwarded))
            out.set(Field::network_forwarded_ip, *ip);
    if (is_absent(record.vhost) || out.has(Field::url_domain)) return;
    const bool bracketed = record.vhost.ends_with(']');
    out.set(Field::url_domain,
            record.vhost.substr(0, bracketed ? std::string_view::npos : record.vhost.rfind(':')));
}

}  // namespace

void set_request(std::string_view request, Event& out) {
    if (is_absent(request)) return;
    const auto first = request.find(' ');
    const auto method = request.substr(0, first);
    if (first == std::string_view::npos || !is_method(method))
        return out.set(Field::url_original, request);
    auto uri = request.substr(first + 1);
    const auto last = uri.rfind(" HTTP/");
    if (last != std::string_view::npos) {
        out.set(Field::http_version, uri.substr(last + 6));
        uri = uri.substr(0, last);
    }
    set_target(method, uri, out);
}

void set_access(const AccessRecord& record, Event& out) {
    out.kind = EventKind::web;
    if (record.time) out.time = *record.time;
    set_source(record.client, out);
    if (!is_absent(record.user)) out.set(Field::user_name, record.user);
    if (!record.request.empty()) {
        set_request(record.request, out);
    } else if (!is_absent(record.method) || !is_absent(record.uri)) {
        auto version = record.protocol;
        if (take(version, "HTTP/")) out.set(Field::http_version, version);
        if (is_absent(record.method))
            set_url(record.uri, out);
        else
            set_target(record.method, is_absent(record.uri) ? std::string_view{} : record.uri, out);
    }
    set_response(record, out);
    set_headers(record, out);
}

std::optional<IpAddress> first_forwarded(std::string_view list) {
    std::optional<IpAddress> first;
    while (!list.empty()) {
        const auto item = trim(take_until(list, ','));
        const auto ip = IpAddress::parse(item);
        if (!ip && item != "unknown") return std::nullopt;
        if (ip && !first) first = ip;
    }
    return first;
}

}  // namespace kentongan::log
