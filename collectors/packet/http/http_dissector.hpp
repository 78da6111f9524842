#pragma once
// HTTP/1 as a dissector: web events, and the bodies as files.
#include <array>
#include <memory>

#include "collectors/packet/http/http_parser.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// The originator is the client. Its Event::raw() is the request's head. Where bytes are missing,
/// what was begun is told as far as it is known, and reading goes on with the next segment of the
/// client that begins a request.
class HttpDissector final : public Dissector, private BodyListener {
  public:
    /// `body_bytes`: how much of a request body is kept in the event.
    explicit HttpDissector(std::size_t body_bytes)
        : body_bytes_(body_bytes),
          parser_(std::make_unique<HttpParser>(body_bytes, static_cast<BodyListener*>(this))) {}

    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    /// Requests whose answers may be missing are told without a status, until one begins while none
    /// waits; with a request cut, the next one is waited for.
    [[nodiscard]] Outcome gap(Side from, std::uint64_t size, const Moment& at,
                              ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    [[nodiscard]] std::size_t held_bytes() const override {
        return parser_->idle() ? 0 : kOpenBytes + parser_->held_bytes();
    }

  private:
    /// What an open exchange takes at least.
    static constexpr std::size_t kOpenBytes = 256;

    void body(bool of_request, const Facts& facts, Bytes data) override;
    void body_end(bool of_request) override;
    void tell(const std::vector<HttpExchange>& exchanges, const Moment& at, ProtocolSink& out);

    [[nodiscard]] bool is_unread(Side from, std::string_view data);
    void begin_anew();

    std::size_t body_bytes_;
    std::unique_ptr<HttpParser> parser_;
    bool asked_ = false;           // a request was begun
    bool answers_lost_ = false;    // bytes of the server's are missing
    bool answer_awaited_ = false;  // what the server sends is unread until it begins an answer
    bool lost_ = false;            // bytes of the client's are missing: its next request is awaited
    std::array<bool, 2> open_{};   // a file of each side
    const Moment* at_ = nullptr;   // during bytes() only
    ProtocolSink* out_ = nullptr;
};

/// By the client's first bytes.
[[nodiscard]] Recognition recognise_http(Bytes originator_head, std::size_t body_bytes);

}  // namespace kentongan::packet
