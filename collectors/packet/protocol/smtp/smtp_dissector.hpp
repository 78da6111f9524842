#pragma once
// SMTP (RFC 5321): who writes to whom, what about, and the files that go along.
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/packet/protocol/lines.hpp"
#include "collectors/packet/protocol/smtp/authentication.hpp"
#include "collectors/packet/protocol/smtp/mime.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// One mail event for each message when the server answered it, and one for a dialogue that had
/// none. After STARTTLS the rest is told as TLS. What authenticates is passed over unread.
class SmtpDissector final : public Dissector, private smtp::MimeListener {
  public:
    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    [[nodiscard]] Outcome gap(Side from, std::uint64_t size, const Moment& at,
                              ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    [[nodiscard]] bool encrypted() const override { return encrypted_ && encrypted_->encrypted(); }
    [[nodiscard]] std::size_t held_bytes() const override;

  private:
    /// What a reply is awaited for.
    enum class Asked : std::uint8_t { other, data, content, chunk, tls, authentication, mail };
    struct Mail {
        std::string from;  ///< of the envelope
        std::vector<std::string> to;
        std::string header_from;
        std::vector<std::string> header_to;
        std::string subject;
        std::string message_id;
        std::vector<std::string> attachments;
    };

    void client_line(const Lines::Line& line);
    void command(std::string_view line);
    void content_line(const Lines::Line& line);
    bool chunk(Bytes& data);
    void reply(const ReplyLine& reply, const Moment& at, ProtocolSink& out);
    void ask(Asked asked);
    void tell(const Moment& at, ProtocolSink& out);
    void end_content(bool whole);

    void header(std::string_view name, std::string_view value) override;
    void begin_file(std::string_view name, std::string_view mime_type) override;
    void file_bytes(Bytes data) override;
    void end_file(bool whole) override;
    void left_out() override { out_->evicted(Table::mime); }

    Lines client_;
    Lines server_;
    Lines chunk_lines_;
    std::deque<Asked> asked_;
    smtp::Authentication authentication_;
    std::string helo_;
    std::string last_reply_;
    Mail mail_;
    std::optional<smtp::MimeReader> content_;
    std::uint64_t chunk_left_ = 0;
    bool last_chunk_ = false;
    bool reading_content_ = false;
    bool client_spoke_ = false;
    bool tls_ = false;
    bool told_ = false;  ///< since the last transaction began
    unsigned strange_ = 0;
    const Moment* at_ = nullptr;  // during bytes() and end() only
    ProtocolSink* out_ = nullptr;
    std::unique_ptr<Dissector> encrypted_;
};

[[nodiscard]] std::unique_ptr<Dissector> make_smtp_dissector();

}  // namespace kentongan::packet
