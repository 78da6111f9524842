#pragma once
// TLS records of one end, and the handshake messages put together from them (RFC 8446,
// section 5.1).
#include <array>
#include <cstdint>
#include <optional>

#include "collectors/packet/protocol/pending.hpp"

namespace kentongan::packet::tls {

enum class ContentType : std::uint8_t {
    change_cipher_spec = 20,
    alert = 21,
    handshake = 22,
    application_data = 23,
};

/// A part of a record, as much of it as was there.
struct Piece {
    ContentType type{};
    std::uint16_t record_bytes = 0;  ///< of the whole record
    Bytes data;
    bool ends = false;  ///< the record's last part
};

class RecordReader {
  public:
    /// Takes the next piece off `input`; nothing when it is used up or is no record: see broken().
    [[nodiscard]] std::optional<Piece> next(Bytes& input);
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    bool read_header(Bytes& input);

    std::array<std::uint8_t, 5> header_{};
    std::size_t header_bytes_ = 0;
    std::size_t left_ = 0;
    bool broken_ = false;
};

/// Handshake messages from the fragments of records. A message of more than kLargest bytes is
/// passed over.
class MessageReader {
  public:
    static constexpr std::size_t kLargest = 65536;

    struct Message {
        std::uint8_t type = 0;
        Bytes body;  ///< valid until the next call
    };
    /// Takes bytes off `fragment` until a message is whole.
    [[nodiscard]] std::optional<Message> next(Bytes& fragment);
    [[nodiscard]] std::size_t held_bytes() const { return pending_.held_bytes(); }

  private:
    Pending pending_{kLargest + 4};
    std::size_t taken_ = 0;  // of pending_, by the message given out last
    std::size_t passing_over_ = 0;
};

}  // namespace kentongan::packet::tls
