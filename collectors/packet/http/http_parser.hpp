#pragma once
// HTTP/1 of one connection by libhtp, which reads it as tolerant servers do; bodies are
// decompressed within bounds.
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/packet/http/exchange.hpp"
#include "daemon/base/bytes.hpp"

struct htp_connp_t;

namespace kentongan::packet {

/// Is told the bodies as they pass, decompressed. `body` is called for an empty one too when its
/// end is known only then.
class BodyListener {
  public:
    virtual ~BodyListener() = default;
    struct Facts {
        std::string_view target;
        std::string_view mime_type;
    };
    virtual void body(bool of_request, const Facts& facts, Bytes data) = 0;
    virtual void body_end(bool of_request) = 0;
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

    /// `body_bytes`: how much of a request body is kept. `listener`, where given, outlives it.
    explicit HttpParser(std::size_t body_bytes, BodyListener* listener = nullptr);
    HttpParser(const HttpParser&) = delete;
    HttpParser& operator=(const HttpParser&) = delete;

    /// `packet`: number of the packet the bytes came in or were completed by.
    [[nodiscard]] Outcome request(Bytes data, std::uint64_t packet);
    [[nodiscard]] Outcome response(Bytes data, std::uint64_t packet);

    /// From here on responses are not known: a request is told once it is complete itself.
    void lose_responses();

    /// Exchanges that ended since the last call: request complete and response headers seen.
    [[nodiscard]] std::vector<HttpExchange> take_done();
    /// What is left, as far as it is known, when the stream ends.
    [[nodiscard]] std::vector<HttpExchange> take_rest();

    /// So many requests wait for their answers that it gave up.
    [[nodiscard]] bool full() const { return open_.size() > kMaximumOpen; }
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

    std::size_t body_bytes_;
    BodyListener* listener_;
    std::string response_target_;  // of the exchange whose response body passes
    std::string response_mime_type_;
    std::list<Open> open_;
    std::vector<HttpExchange> done_;
    std::uint64_t packet_ = 0;
    std::size_t held_ = 0;
    std::size_t unfinished_ = 0;  // bytes of a request head that is not complete
    bool in_body_ = false;
    bool responses_lost_ = false;
    std::unique_ptr<htp_connp_t, Free> parser_;
};

}  // namespace kentongan::packet
