#pragma once
// A DNS message as a struct (RFC 1035, section 4; RFC 6891 for EDNS).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet::dns {

struct Header {
    std::uint16_t id = 0;
    std::uint16_t flags = 0;
    std::uint16_t questions = 0;
    std::uint16_t answers = 0;
    std::uint16_t authorities = 0;
    std::uint16_t additionals = 0;

    [[nodiscard]] bool is_response() const { return (flags & 0x8000) != 0; }
    [[nodiscard]] unsigned opcode() const { return flags >> 11 & 0xF; }
    [[nodiscard]] unsigned response_code() const { return flags & 0xF; }
    [[nodiscard]] unsigned reserved() const {
        return flags >> 4 & 0x7;
    }  ///< Zeek's Z: AD and CD among them
};

struct Record {
    std::string name;
    std::uint16_t type = 0;
    std::uint16_t record_class = 0;
    std::uint32_t ttl = 0;
    std::string data;  ///< as people read it
};

/// Names are lower case, escaped as in zone files, without the last dot. Bounded by the caps.
struct Message {
    static constexpr std::size_t kMostAnswers = 64;

    Header header;
    std::string name;  ///< of the first question
    std::uint16_t type = 0;
    std::uint16_t question_class = 0;
    std::vector<Record> answers;  ///< of the answer section
    std::optional<std::uint16_t> edns_payload_bytes;
    unsigned extended_code = 0;    ///< the response code with EDNS's upper bits
    std::size_t record_bytes = 0;  ///< up to the end of the last record
    bool cut = false;              ///< the records ended before their count
    bool left_out = false;         ///< more answers than are kept
};

/// The header, where the counts can be those of a message of this size.
[[nodiscard]] std::optional<Header> parse_header(Bytes message);

/// Nothing when header or question are not those of DNS. What is wrong behind them sets `cut`.
[[nodiscard]] std::optional<Message> parse_message(Bytes message);

/// Whether this can be a DNS query or answer, for recognition by content: strict, no allocation.
[[nodiscard]] bool looks_like_message(Bytes message);

/// The name at `offset` of a message, at most 32 pointers followed;
/// `offset` goes behind it. False when it is none.
[[nodiscard]] bool read_name(Bytes message, std::size_t& offset, std::string& out);

[[nodiscard]] std::string type_name(std::uint16_t type);
[[nodiscard]] std::string class_name(std::uint16_t number);
/// "NXDOMAIN"; as Zeek's rcode_name.
[[nodiscard]] std::string response_code_name(unsigned code);

/// The data of a record as text: an address, a name, quoted strings, or hex for what is not known.
[[nodiscard]] std::string record_text(Bytes message, std::uint16_t type, std::size_t offset,
                                      std::size_t size);

}  // namespace kentongan::packet::dns
