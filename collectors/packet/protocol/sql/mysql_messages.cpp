#include "collectors/packet/protocol/sql/mysql_messages.hpp"

#include <algorithm>

#include "collectors/packet/protocol/sql/mysql_dissector.hpp"

namespace kentongan::packet {

namespace sql::mysql {

std::optional<std::uint64_t> packet_size(const FrameReader::Head& head) {
    return std::uint64_t{head[0]} | std::uint64_t{head[1]} << 8 | std::uint64_t{head[2]} << 16;
}

std::uint64_t Reader::number(std::size_t width) {
    std::uint64_t value = 0;
    const Bytes bytes = in_.take(width);
    for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
    return value;
}

std::uint64_t Reader::packed() {
    const std::uint64_t first = number(1);
    switch (first) {
        case 0xFC:
            return number(2);
        case 0xFD:
            return number(3);
        case 0xFE:
            return number(8);
        default:
            return first;
    }
}

std::string_view Reader::text() {
    Bytes rest = in_.rest();
    const std::string_view out = take_text(rest);
    in_.skip(in_.rest().size() - rest.size());
    return out;
}

Bytes Reader::take(std::uint64_t count) {
    const std::uint64_t left = in_.rest().size();
    return in_.take(static_cast<std::size_t>(std::min(count, left + 1)));
}

std::optional<Greeting> parse_greeting(Bytes body) {
    constexpr std::uint64_t kProtocol = 10;
    Reader in(body);
    if (in.number(1) != kProtocol) return std::nullopt;
    Greeting out;
    out.version = in.text();
    out.thread = static_cast<std::uint32_t>(in.number(4));
    (void)in.take(9);  // the first part of the challenge and a zero
    if (!in.ok() || out.version.empty() || out.version.size() > 128) return std::nullopt;
    out.capabilities = static_cast<std::uint32_t>(in.number(2));
    (void)in.take(3);  // character set and status
    out.capabilities |= static_cast<std::uint32_t>(in.number(2) << 16);
    const std::uint64_t challenge = in.number(1);
    (void)in.take(10);
    if (in.ok() && (out.capabilities & plugin_auth) != 0) {
        (void)in.take(
            std::max<std::uint64_t>(13, challenge - std::min<std::uint64_t>(challenge, 8)));
        out.plugin = in.text();
    }
    return out;
}

std::optional<Login> parse_login(Bytes body) {
    constexpr std::size_t kHead = 32;
    Reader in(body);
    Login out;
    out.capabilities = static_cast<std::uint32_t>(in.number(4));
    (void)in.take(kHead - 4);
    if (!in.ok() || (out.capabilities & protocol_41) == 0) return std::nullopt;
    out.encrypts = (out.capabilities & ssl) != 0 && body.size() == kHead;
    if (out.encrypts) return out;
    out.user = in.text();
    if ((out.capabilities & lenenc_auth) != 0)
        (void)in.take(in.packed());
    else if ((out.capabilities & secure_connection) != 0)
        (void)in.take(in.number(1));
    else
        (void)in.text();
    if ((out.capabilities & connect_with_db) != 0) out.database = in.text();
    if ((out.capabilities & plugin_auth) != 0) out.plugin = in.text();
    if ((out.capabilities & connect_attributes) == 0 || !in.ok()) return out;
    Reader attributes(in.take(in.packed()));
    while (attributes.ok() && !attributes.rest().empty()) {
        const auto name = as_text(attributes.take(attributes.packed()));
        const auto value = as_text(attributes.take(attributes.packed()));
        if (attributes.ok() && name == "program_name") out.program = value;
    }
    return out;
}

Outcome parse_outcome(Bytes body) {
    Outcome out;
    if (body.empty()) return out;
    Reader in(body.subspan(1));
    if (body.front() == 0xFF) {
        out.kind = Outcome::Kind::error;
        out.code = static_cast<std::uint16_t>(in.number(2));
        if (in.rest().size() >= 6 && in.rest().front() == '#') (void)in.take(6);  // SQLSTATE
        out.message = as_text(in.rest()).substr(0, 1024);
    } else if (body.front() == 0x00 || body.front() == 0xFE) {
        out.affected_rows = static_cast<std::int64_t>(in.packed() & INT64_MAX);
        (void)in.packed();
        out.status = static_cast<std::uint16_t>(in.number(2));
        if (in.ok()) out.kind = Outcome::Kind::ok;
    }
    return out;
}

std::string_view query_text(Bytes body, std::uint32_t capabilities) {
    Reader in(body);
    if ((capabilities & query_attributes) == 0) return as_text(body);
    const std::uint64_t parameters = in.packed();
    (void)in.packed();  // sets of them, one always
    if (parameters == 0 && in.ok()) return as_text(in.rest());
    // Parameters come before the text: where it begins is not worth their types' table.
    return as_text(body);
}

}  // namespace sql::mysql

std::optional<bool> begins_mysql(Bytes head) {
    constexpr std::uint8_t kProtocol = 10;
    constexpr std::size_t kLongestVersion = 100;
    if (head.size() < 5) return std::nullopt;
    const std::size_t size = head[0] | std::size_t{head[1]} << 8 | std::size_t{head[2]} << 16;
    if (size < 20 || size > 512 || head[3] != 0 || head[4] != kProtocol) return false;
    const auto version = head.subspan(5);
    const auto end = std::ranges::find(version, std::uint8_t{0});
    const bool digits = std::ranges::all_of(version.begin(), end,
                                            [](std::uint8_t c) { return c > ' ' && c < 0x7F; });
    if (!digits || end - version.begin() > static_cast<std::ptrdiff_t>(kLongestVersion))
        return false;
    if (end == version.end()) return std::nullopt;
    return end != version.begin() && version.front() >= '0' && version.front() <= '9';
}

}  // namespace kentongan::packet
