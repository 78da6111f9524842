#include "collectors/packet/http/http_parser.hpp"

#include <htp/htp.h>

#include <new>
#include <utility>

#include "collectors/packet/http/http_hooks.hpp"

namespace kentongan::packet {

void HttpParser::Free::operator()(htp_connp_t* parser) const { htp_connp_destroy_all(parser); }

HttpParser::HttpParser(std::size_t body_bytes, BodyListener* listener)
    : body_bytes_(body_bytes), listener_(listener), parser_(htp_connp_create(shared_config())) {
    if (!parser_) throw std::bad_alloc();
    htp_connp_set_user_data(parser_.get(), this);
    htp_connp_open(parser_.get(), nullptr, 0, nullptr, 0, nullptr);
}

HttpParser::Outcome HttpParser::outcome_of(int state, Bytes data, std::size_t consumed) {
    if (open_.size() > kMaximumOpen) return Outcome::broken;
    switch (state) {
        case HTP_STREAM_ERROR:
            return Outcome::broken;
        case HTP_STREAM_STOP:
        case HTP_STREAM_TUNNEL:
        case HTP_STREAM_CLOSED:
            return Outcome::foreign;
        // Only around CONNECT one direction waits for the other; what follows is a tunnel.
        case HTP_STREAM_DATA_OTHER:
            return consumed < data.size() ? Outcome::foreign : Outcome::more;
        default:
            return Outcome::more;
    }
}

HttpParser::Outcome HttpParser::request(Bytes data, std::uint64_t packet) {
    if (data.empty()) return Outcome::more;
    packet_ = packet;
    unfinished_ += data.size();
    htp_connp_t* parser = parser_.get();
    const int state = htp_connp_req_data(parser, nullptr, data.data(), data.size());
    if (in_body_) unfinished_ = 0;
    return outcome_of(state, data, htp_connp_req_data_consumed(parser));
}

HttpParser::Outcome HttpParser::response(Bytes data, std::uint64_t packet) {
    if (data.empty()) return Outcome::more;
    packet_ = packet;
    htp_connp_t* parser = parser_.get();
    const int state = htp_connp_res_data(parser, nullptr, data.data(), data.size());
    return outcome_of(state, data, htp_connp_res_data_consumed(parser));
}

void HttpParser::finish(Open& open) {
    held_ -= open.held;
    done_.push_back(std::move(open.exchange));
    open_.erase(open.self);
}

/// libhtp is given no response after this, so it does not come back to what is finished here.
void HttpParser::lose_responses() {
    responses_lost_ = true;
    for (auto open = open_.begin(); open != open_.end();) {
        Open& one = *open++;
        if (one.exchange.request_complete) finish(one);
    }
}

std::vector<HttpExchange> HttpParser::take_done() { return std::exchange(done_, {}); }

std::vector<HttpExchange> HttpParser::take_rest() {
    parser_.reset();  // its callbacks must not run on what is taken away
    std::vector<HttpExchange> out = take_done();
    for (Open& open : open_)
        if (!open.exchange.method.empty()) out.push_back(std::move(open.exchange));
    open_.clear();
    held_ = unfinished_ = 0;
    return out;
}

}  // namespace kentongan::packet
