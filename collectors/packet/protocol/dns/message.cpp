#include "collectors/packet/protocol/dns/message.hpp"

namespace kentongan::packet::dns {

namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr std::uint16_t kEdns = 41;
constexpr unsigned kMostQuestions = 32;  // multicast DNS asks several at once

Header read_header(Bytes message) {
    ByteReader in(message);
    Header out;
    out.id = in.u16();
    out.flags = in.u16();
    out.questions = in.u16();
    out.answers = in.u16();
    out.authorities = in.u16();
    out.additionals = in.u16();
    return out;
}

/// Multicast DNS sets the upper bit of the class for its own ends.
bool is_class(std::uint16_t number) {
    number &= 0x7FFF;
    return number == 1 || number == 3 || number == 4 || number == 254 || number == 255;
}

struct Place {
    Bytes message;
    std::size_t offset;
};

/// The next record; its data stays where it is. False at the end or when it does not fit.
bool read_record(Place& place, Record& out, Bytes& data) {
    if (!read_name(place.message, place.offset, out.name)) return false;
    ByteReader in(place.message.subspan(place.offset));
    out.type = in.u16();
    out.record_class = in.u16();
    out.ttl = in.u32();
    const std::uint16_t size = in.u16();
    data = in.take(size);
    place.offset = place.message.size() - in.rest().size();
    return in.ok();
}

void read_records(Place place, Message& out) {
    Record record;
    Bytes data;
    for (unsigned i = 0; i < out.header.answers; ++i) {
        if (!read_record(place, record, data)) return void(out.cut = true);
        out.left_out = out.answers.size() == Message::kMostAnswers;
        if (out.left_out) continue;
        const auto at = static_cast<std::size_t>(data.data() - place.message.data());
        record.data = record_text(place.message, record.type, at, data.size());
        out.answers.push_back(record);
    }
    const unsigned rest = unsigned{out.header.authorities} + out.header.additionals;
    for (unsigned i = 0; i < rest; ++i) {
        if (!read_record(place, record, data)) return void(out.cut = true);
        if (record.type != kEdns) continue;
        out.edns_payload_bytes = record.record_class;
        out.extended_code |= (record.ttl >> 24) << 4;
    }
    out.record_bytes = place.offset;
}

}  // namespace

std::optional<Header> parse_header(Bytes message) {
    if (message.size() < kHeaderBytes) return std::nullopt;
    const Header out = read_header(message);
    const std::size_t records = std::size_t{out.answers} + out.authorities + out.additionals;
    const std::size_t least = kHeaderBytes + std::size_t{out.questions} * 5 + records * 11;
    // A message that was cut (TC) may count what it does not hold.
    const bool truncated = (out.flags & 0x0200) != 0;
    if (out.opcode() > 6 || out.opcode() == 3) return std::nullopt;
    if (!truncated && least > message.size()) return std::nullopt;
    return out;
}

std::optional<Message> parse_message(Bytes message) {
    const auto header = parse_header(message);
    if (!header || header->questions > kMostQuestions) return std::nullopt;
    Message out;
    out.header = *header;
    out.extended_code = header->response_code();
    std::size_t offset = kHeaderBytes;
    for (unsigned i = 0; i < header->questions; ++i) {
        std::string name;
        if (!read_name(message, offset, name)) return std::nullopt;
        ByteReader in(message.subspan(offset));
        const std::uint16_t type = in.u16();
        const std::uint16_t question_class = in.u16();
        if (!in.ok() || !is_class(question_class)) return std::nullopt;
        offset += 4;
        if (i > 0) continue;
        out.name = std::move(name);
        out.type = type;
        out.question_class = question_class;
    }
    read_records({message, offset}, out);
    return out;
}

bool looks_like_message(Bytes message) {
    const auto header = parse_header(message);
    if (!header || header->questions != 1) return false;
    // A query has no answers; bits of answers alone (AA, RA, a code) are not set in it.
    if (!header->is_response() && (header->answers != 0 || (header->flags & 0x048F) != 0))
        return false;
    std::size_t at = kHeaderBytes;
    for (std::size_t size = 0; at < message.size(); at += 1 + size) {
        size = message[at];
        if (size > 63) return false;  // a first name has nothing to point back to
        if (size == 0) break;
    }
    ByteReader in(message.subspan(std::min(at + 1, message.size())));
    const std::uint16_t type = in.u16();
    const std::uint16_t question_class = in.u16();
    return in.ok() && type != 0 && is_class(question_class) && at - kHeaderBytes < 255;
}

}  // namespace kentongan::packet::dns
