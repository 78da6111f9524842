#pragma once
// HTTP/1 of one connection by libhtp, which reads it as tolerant servers do.
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "collectors/packet/http/exchange.hpp"
#include "daemon/base/bytes.hpp"

struct htp_cfg_t;
struct htp_connp_t;

namespace kentongan::packet {

/// Shared by the parsers of one lane, which it must outlive. Decompression is off.
class HttpConfig {
  public:
    /// `body_bytes`: how much of a request body is kept.
    explicit HttpConfig(std::size_t body_bytes);
    [[nodiscard]] htp_cfg_t* handle() const { return config_.get(); }
    [[nodiscard]] std::size_t body_bytes() const { return body_bytes_; }

  private:
    struct Free {
        void operator()(htp_cfg_t* config) const;
    };
    std::unique_ptr<htp_cfg_t, Free> config_;
    std::size_t body_bytes_;
};

/// Bytes of both directions in, exchanges out. Not movable: libhtp holds its address.
class HttpParser {
  public:
    /// More requests than this without an answer and the parser gives up.
    static constexpr std::size_t kMaximumOpen = 256;

    enum class Outcome : std::uint8_t {
        more,     ///< goes on
        foreign,  ///< no longer HTTP: a tunnel or an upgrade
        broken,   ///< cannot be parsed further
    };

    explicit HttpParser(const HttpConfig& config);
    HttpParser(const HttpParser&) = delete;
    HttpParser& operator=(const HttpParser&) = delete;

    /// `packet`: number of the packet the bytes came in or were completed by.
    [[nodiscard]] Outcome request(Bytes data, std::uint64_t packet);
    [[nodiscard]] Outcome response(Bytes data, std::uint64_t packet);

    /// Exchanges that ended since the last call: request complete and response headers seen.
    [[nodiscard]] std::vector<HttpExchange> take_done();
    /// What is left, as far as it is known, when the stream ends.
    [[nodiscard]] std::vector<HttpExchange> take_rest();

    [[nodiscard]] bool idle() const { return open_.empty(); }
    /// Memory that grows with what was sent, in bytes.
    [[nodiscard]] std::size_t held_bytes() const { return held_ + unfinished_; }

  private:
    friend struct HttpHooks;
    struct Free {
        void operator()(htp_connp_t* parser) const;
    };
    struct Open {
        HttpExchange exchange;
        HttpParser* parser = nullptr;
        std::list<Open>::iterator self;
        std::size_t held = 0;
    };

    Outcome outcome_of(int state, Bytes data, std::size_t consumed);
    void finish(Open& open);

    const HttpConfig& config_;
    std::list<Open> open_;
    std::vector<HttpExchange> done_;
    std::uint64_t packet_ = 0;
    std::size_t held_ = 0;
    std::size_t unfinished_ = 0;  // bytes of a request head that is not complete
    bool in_body_ = false;
    std::unique_ptr<htp_connp_t, Free> parser_;
};

}  // namespace kentongan::packet
