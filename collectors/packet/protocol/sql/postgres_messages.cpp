#include "collectors/packet/protocol/sql/postgres_messages.hpp"

#include "collectors/packet/protocol/sql/postgres_dissector.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::packet {

namespace sql::postgres {

namespace {

constexpr std::uint64_t kLargestStartup = 10000;  // as the server has it
constexpr std::uint64_t kLargest = std::uint64_t{1} << 30;
constexpr std::string_view kClientTypes = "QPBEDCSXpFHdcf";
constexpr std::string_view kServerTypes = "RKSZECTDNAIst12n3GHWdcfVv";

std::uint64_t u32_at(const FrameReader::Head& head, std::size_t at) {
    return ByteReader(Bytes(head).subspan(at)).u32();
}

}  // namespace

std::optional<std::uint64_t> startup_size(const FrameReader::Head& head) {
    const std::uint64_t size = u32_at(head, 0);
    if (size < 8 || size > kLargestStartup) return std::nullopt;
    return size - 4;
}

std::optional<std::uint64_t> message_size(const FrameReader::Head& head) {
    const std::uint64_t size = u32_at(head, 1);
    const char type = static_cast<char>(head[0]);
    const bool known = kClientTypes.find(type) != std::string_view::npos ||
                       kServerTypes.find(type) != std::string_view::npos;
    if (!known || size < 4 || size > kLargest) return std::nullopt;
    return size - 4;
}

bool is_client_type(std::uint8_t type) {
    return kClientTypes.find(static_cast<char>(type)) != std::string_view::npos;
}

std::string_view authentication_name(std::uint32_t kind) {
    switch (kind) {
        case 2:
            return "kerberos";
        case 3:
            return "password";
        case 5:
            return "md5";
        case 7:
            return "gss";
        case 9:
            return "sspi";
        case 10:
            return "sasl";
        default:
            return {};
    }
}

ErrorFields parse_error(Bytes body) {
    ErrorFields out;
    while (!body.empty() && body.front() != 0) {
        const std::uint8_t field = body.front();
        body = body.subspan(1);
        const std::string_view text = take_text(body).substr(0, 1024);
        if (field == 'S') out.severity = text;
        if (field == 'C') out.state = text;
        if (field == 'M') out.message = text;
    }
    return out;
}

std::optional<std::int64_t> rows_of(std::string_view tag) {
    const auto space = tag.rfind(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto rows = parse_number<std::int64_t>(tag.substr(space + 1));
    return rows && *rows >= 0 ? rows : std::nullopt;
}

}  // namespace sql::postgres

std::optional<bool> begins_postgres(Bytes head) {
    using namespace sql::postgres;
    if (head.size() >= 2 && (head[0] != 0 || head[1] != 0)) return false;
    if (head.size() < 8) return std::nullopt;
    ByteReader in(head);
    const std::uint32_t size = in.u32();
    const std::uint32_t code = in.u32();
    if (code == kSslRequest || code == kGssRequest) return size == 8;
    if (code == kCancelRequest) return size == 16;
    constexpr std::uint32_t kVersion3 = 3;
    if (code >> 16 != kVersion3 || size < 9 || size > kLargestStartup) return false;
    // Parameters follow, of which the server demands "user": a name and a zero.
    constexpr std::size_t kLongestName = 64;
    const std::string_view rest = as_text(in.rest());
    const auto end = rest.find('\0');
    const std::string_view name = rest.substr(0, end);
    const bool fits =
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") == std::string_view::npos;
    if (!fits || name.size() > kLongestName) return false;
    return end == std::string_view::npos ? std::nullopt : std::optional(!name.empty());
}

}  // namespace kentongan::packet
