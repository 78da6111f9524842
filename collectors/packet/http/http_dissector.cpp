#include "collectors/packet/http/http_dissector.hpp"

#include <utility>

#include "collectors/egress.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::packet {

namespace {

Side side_of(bool of_request) { return of_request ? Side::originator : Side::responder; }

std::string_view file_name_in(std::string_view target) {
    const std::string_view path = split_target(target).path;
    return path.substr(path.rfind('/') + 1);
}

std::string_view extension_of(std::string_view path) {
    constexpr std::size_t kLongest = 16;
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || name.size() - dot > kLongest) return {};
    return name.substr(dot + 1);
}

void fill(Event& event, const HttpExchange& x) {
    const auto set = [&event](Field field, std::string_view text) {
        if (!text.empty()) event.set(field, text);
    };
    const TargetParts parts = split_target(x.target);
    // A request to a server outside is one that a proxy's log would have.
    event.logsource = {is_egress(event) ? "proxy" : "webserver", "zeek", "http"};
    event.origin.position = x.packet;
    event.set(Field::network_protocol, "http");
    event.set(Field::http_request_method, x.method);
    set(Field::url_original, x.target);
    set(Field::url_path, parts.path);
    set(Field::url_query, parts.query);
    set(Field::url_extension, extension_of(parts.path));
    set(Field::url_domain, to_lower(x.host));
    set(Field::http_version, x.version);
    set(Field::user_agent_original, x.user_agent);
    set(Field::http_request_referrer, x.referrer);
    set(Field::http_request_mime_type, x.mime_type);
    event.set(Field::http_request_body_bytes, x.body_bytes);
    set(Field::http_request_body_content, x.body);
    if (x.status) event.set(Field::http_response_status_code, *x.status);
    set(Field::http_response_mime_type, x.response_mime_type);
    if (x.response_bytes) event.set(Field::http_response_body_bytes, *x.response_bytes);
    event.set_raw(x.head);
}

}  // namespace

void HttpDissector::body(bool of_request, const Facts& facts, Bytes data) {
    if (out_ == nullptr) return;
    const Side from = side_of(of_request);
    bool& open = open_[static_cast<std::size_t>(from)];
    if (!open) out_->begin_file(from, {file_name_in(facts.target), facts.mime_type, "http"}, *at_);
    open = true;
    out_->file_bytes(from, data);
}

void HttpDissector::body_end(bool of_request) {
    const Side from = side_of(of_request);
    bool& open = open_[static_cast<std::size_t>(from)];
    if (open && out_ != nullptr) out_->end_file(from, true, *at_);
    open = false;
}

void HttpDissector::tell(const std::vector<HttpExchange>& exchanges, const Moment& at,
                         ProtocolSink& out) {
    for (const HttpExchange& exchange : exchanges) {
        fill(out.begin(EventKind::web, "webserver", Side::originator, at), exchange);
        out.emit();
    }
}

void HttpDissector::begin_anew() {
    parser_ = std::make_unique<HttpParser>(body_bytes_, static_cast<BodyListener*>(this));
    answers_lost_ = false;
    answer_awaited_ = true;
}

/// Whether bytes are missing before these that they cannot be read without.
bool HttpDissector::is_unread(Side from, std::string_view data) {
    if (from == Side::responder) {
        if (lost_ || answers_lost_ || (answer_awaited_ && !data.starts_with("HTTP/"))) return true;
        answer_awaited_ = false;
        return false;
    }
    if (lost_ && begins_request(data) != true) return true;
    lost_ = false;
    if (answers_lost_ && parser_->idle() && begins_request(data) == true) begin_anew();
    return false;
}

Dissector::Outcome HttpDissector::bytes(Side from, Bytes data, const Moment& at,
                                        ProtocolSink& out) {
    if (is_unread(from, as_text(data))) {
        out.unread(data.size());
        return Outcome::more;
    }
    // Joined in the middle: where the next answer begins is not known.
    if (from == Side::responder && !asked_) return Outcome::more;
    asked_ = true;
    at_ = &at;
    out_ = &out;
    const auto outcome = from == Side::originator ? parser_->request(data, at.packet)
                                                  : parser_->response(data, at.packet);
    out_ = nullptr;
    tell(parser_->take_done(), at, out);
    if (parser_->full()) out.evicted(Table::http);
    if (outcome == HttpParser::Outcome::broken) {
        out.begin(EventKind::anomaly, "network", from, at)
            .set(Field::network_anomaly, "http_unreadable");
        out.emit();
    }
    return outcome == HttpParser::Outcome::more ? Outcome::more : Outcome::foreign;
}

Dissector::Outcome HttpDissector::gap(Side from, std::uint64_t, const Moment& at,
                                      ProtocolSink& out) {
    if (from == Side::responder) {
        answers_lost_ = true;
        if (std::exchange(open_[1], false)) out.end_file(Side::responder, false, at);
        parser_->lose_responses();
        tell(parser_->take_done(), at, out);
        return Outcome::more;
    }
    end(at, out);
    begin_anew();
    for (const Side side : {Side::originator, Side::responder})
        if (std::exchange(open_[static_cast<std::size_t>(side)], false))
            out.end_file(side, false, at);
    lost_ = true;
    return Outcome::more;
}

void HttpDissector::end(const Moment& at, ProtocolSink& out) {
    tell(parser_->take_rest(), at, out);
}

Recognition recognise_http(Bytes originator_head, std::size_t body_bytes) {
    Recognition out;
    if (originator_head.empty()) {
        out.undecided = true;  // a server may greet; a client that speaks HTTP has yet to ask
        return out;
    }
    const auto verdict = begins_request(as_text(originator_head));
    out.undecided = !verdict;
    if (verdict.value_or(false)) out.dissector = std::make_unique<HttpDissector>(body_bytes);
    return out;
}

}  // namespace kentongan::packet
