#include "collectors/packet/http/http_hooks.hpp"

#include <htp/htp.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string_view>

#include "collectors/packet/http/http_parser.hpp"

namespace kentongan::packet {

namespace {

std::string_view text_of(const bstr* text) {
    if (text == nullptr) return {};
    return {reinterpret_cast<const char*>(bstr_ptr(text)), bstr_len(text)};
}

std::string header(const htp_tx_t* tx, const char* lower_name) {
    const auto* found =
        static_cast<const htp_header_t*>(htp_table_get_c(tx->request_headers, lower_name));
    return found == nullptr ? std::string{} : std::string(text_of(found->value));
}

std::string version_of(const htp_tx_t* tx) {
    if (tx->is_protocol_0_9 != 0) return "0.9";
    const std::string_view protocol = text_of(tx->request_protocol);
    constexpr std::string_view kPrefix = "HTTP/";
    return std::string(protocol.starts_with(kPrefix) ? protocol.substr(kPrefix.size()) : protocol);
}

}  // namespace

/// libhtp's callbacks. Each answers HTP_OK: what is wrong with the content is no error.
struct HttpHooks {
    static HttpParser::Open* open_of(const htp_tx_t* tx) {
        return static_cast<HttpParser::Open*>(htp_tx_get_user_data(tx));
    }

    static int request_start(htp_tx_t* tx) {
        auto* parser = static_cast<HttpParser*>(htp_connp_get_user_data(tx->connp));
        HttpParser::Open& open = parser->open_.emplace_back();
        open.self = std::prev(parser->open_.end());
        open.parser = parser;
        open.exchange.packet = parser->packet_;
        htp_tx_set_user_data(tx, &open);
        return HTP_OK;
    }

    static int request_line(htp_tx_t* tx) {
        HttpParser::Open* open = open_of(tx);
        if (open == nullptr) return HTP_OK;
        HttpExchange& out = open->exchange;
        out.method = text_of(tx->request_method);
        out.target = text_of(tx->request_uri);
        out.version = version_of(tx);
        out.host = text_of(tx->request_hostname);
        out.head = text_of(tx->request_line).substr(0, HttpExchange::kHeadBytes);
        while (out.head.ends_with('\r') || out.head.ends_with('\n')) out.head.pop_back();
        out.head += "\r\n";
        hold(*open, out.head.size() + out.target.size());
        return HTP_OK;
    }

    static int request_header_data(htp_tx_data_t* data) {
        HttpParser::Open* open = open_of(data->tx);
        if (open == nullptr || data->data == nullptr) return HTP_OK;
        std::string& head = open->exchange.head;
        const std::size_t room =
            HttpExchange::kHeadBytes - std::min(head.size(), HttpExchange::kHeadBytes);
        const std::size_t taken = std::min(room, data->len);
        head.append(reinterpret_cast<const char*>(data->data), taken);
        hold(*open, taken);
        return HTP_OK;
    }

    static int request_headers(htp_tx_t* tx) {
        HttpParser::Open* open = open_of(tx);
        if (open == nullptr) return HTP_OK;
        HttpExchange& out = open->exchange;
        out.host = text_of(tx->request_hostname);
        out.user_agent = header(tx, "user-agent");
        out.referrer = header(tx, "referer");
        out.mime_type = header(tx, "content-type");
        hold(*open, out.user_agent.size() + out.referrer.size());
        open->parser->unfinished_ = 0;
        open->parser->in_body_ = true;
        return HTP_OK;
    }

    static int request_body(htp_tx_data_t* data) {
        HttpParser::Open* open = open_of(data->tx);
        if (open == nullptr || data->data == nullptr) return HTP_OK;
        HttpExchange& out = open->exchange;
        out.body_bytes += static_cast<std::int64_t>(data->len);
        const std::size_t room = open->parser->body_bytes_ - out.body.size();
        const std::size_t taken = std::min(room, data->len);
        out.body.append(reinterpret_cast<const char*>(data->data), taken);
        hold(*open, taken);
        if (BodyListener* listener = open->parser->listener_; listener != nullptr && data->len > 0)
            listener->body(true, {out.target, out.mime_type}, {data->data, data->len});
        return HTP_OK;
    }

    static int request_complete(htp_tx_t* tx) {
        HttpParser::Open* open = open_of(tx);
        if (open == nullptr) return HTP_OK;
        if (BodyListener* listener = open->parser->listener_) listener->body_end(true);
        open->exchange.request_complete = true;
        open->parser->unfinished_ = 0;
        open->parser->in_body_ = false;
        if (open->exchange.status || open->parser->responses_lost_) finish(tx, *open);
        return HTP_OK;
    }

    static int response_headers(htp_tx_t* tx) {
        HttpParser::Open* open = open_of(tx);
        if (open == nullptr) return HTP_OK;
        open->exchange.status = tx->response_status_number;
        if (tx->response_content_length >= 0)
            open->exchange.response_bytes = tx->response_content_length;
        open->parser->response_target_ = open->exchange.target;
        const auto* type =
            static_cast<const htp_header_t*>(htp_table_get_c(tx->response_headers, "content-type"));
        open->parser->response_mime_type_ = type == nullptr ? "" : text_of(type->value);
        open->exchange.response_mime_type = open->parser->response_mime_type_.substr(0, 256);
        if (open->exchange.request_complete) finish(tx, *open);
        return HTP_OK;
    }

    static int response_body(htp_tx_data_t* data) {
        auto* parser = static_cast<HttpParser*>(htp_connp_get_user_data(data->tx->connp));
        if (parser->listener_ == nullptr || data->data == nullptr || data->len == 0) return HTP_OK;
        parser->listener_->body(false, {parser->response_target_, parser->response_mime_type_},
                                {data->data, data->len});
        return HTP_OK;
    }

    static int response_complete(htp_tx_t* tx) {
        auto* parser = static_cast<HttpParser*>(htp_connp_get_user_data(tx->connp));
        if (parser->listener_ != nullptr) parser->listener_->body_end(false);
        return HTP_OK;
    }

    static void finish(htp_tx_t* tx, HttpParser::Open& open) {
        htp_tx_set_user_data(tx, nullptr);
        open.parser->finish(open);
    }
    static void hold(HttpParser::Open& open, std::size_t bytes) {
        open.held += bytes;
        open.parser->held_ += bytes;
    }
};

namespace {

struct FreeConfig {
    void operator()(htp_cfg_t* config) const { htp_config_destroy(config); }
};
using Config = std::unique_ptr<htp_cfg_t, FreeConfig>;

/// A body of compressed zeros must not become work without end: 2 layers, 8 MiB beyond a ratio that
/// libhtp takes for honest. Its limit on time is off, since the same capture must read the same.
void bound_decompression(htp_cfg_t* c) {
    htp_config_set_request_decompression(c, 1);
    htp_config_set_response_decompression(c, 1);
    htp_config_set_response_decompression_layer_limit(c, 2);
    htp_config_set_compression_bomb_limit(c, std::size_t{8} << 20);
    htp_config_set_compression_time_limit(c, std::size_t{1} << 30);
    htp_config_set_lzma_memlimit(c, 0);
    htp_config_set_lzma_layers(c, 0);
}

Config make_config() {
    Config config(htp_config_create());
    if (!config) throw std::bad_alloc();
    htp_cfg_t* c = config.get();
    constexpr std::size_t kLongestLine = 65536;
    htp_config_set_server_personality(c, HTP_SERVER_IDS);
    htp_config_set_field_limits(c, kLongestLine / 2, kLongestLine);
    htp_config_set_log_level(c, HTP_LOG_NONE);
    htp_config_set_parse_request_cookies(c, 0);
    htp_config_set_parse_request_auth(c, 0);
    bound_decompression(c);
    htp_config_set_tx_auto_destroy(c, 1);
    htp_config_register_request_start(c, HttpHooks::request_start);
    htp_config_register_request_line(c, HttpHooks::request_line);
    htp_config_register_request_header_data(c, HttpHooks::request_header_data);
    htp_config_register_request_headers(c, HttpHooks::request_headers);
    htp_config_register_request_body_data(c, HttpHooks::request_body);
    htp_config_register_request_complete(c, HttpHooks::request_complete);
    htp_config_register_response_headers(c, HttpHooks::response_headers);
    htp_config_register_response_body_data(c, HttpHooks::response_body);
    htp_config_register_response_complete(c, HttpHooks::response_complete);
    return config;
}

}  // namespace

htp_cfg_t* shared_config() {
    static const Config config = make_config();
    return config.get();
}

}  // namespace kentongan::packet
