// The data of DNS records as text, as dig prints it where people know it so.
#include <fmt/format.h>

#include <algorithm>

#include "collectors/packet/protocol/dns/message.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/ip.hpp"

namespace kentongan::packet::dns {

namespace {

constexpr std::size_t kTextCap = 2048;

/// Reads one record's data; names in it may point into the message before it.
class DataReader {
  public:
    DataReader(Bytes message, std::size_t offset, std::size_t size)
        : message_(message.first(offset + size)), offset_(offset) {}

    std::string name() {
        std::string out;
        if (!read_name(message_, offset_, out)) ok_ = false;
        return out.empty() ? "." : out;
    }
    std::uint64_t number(std::size_t width) {
        std::uint64_t value = 0;
        for (const std::uint8_t byte : take(width)) value = value << 8 | byte;
        return value;
    }
    Bytes take(std::size_t count) {
        if (count > left()) {
            ok_ = false;
            count = left();
        }
        const Bytes out = message_.subspan(offset_, count);
        offset_ += count;
        return out;
    }
    Bytes rest() { return take(left()); }
    /// A string behind its length, in quotes.
    std::string quoted() {
        std::string out = "\"";
        for (const char c : as_text(take(number(1)))) {
            if (c == '"' || c == '\\')
                (out += '\\') += c;
            else if (c >= ' ' && c <= '~')
                out += c;
            else
                fmt::format_to(std::back_inserter(out), "\\{:03}", static_cast<std::uint8_t>(c));
        }
        return out += '"';
    }
    [[nodiscard]] std::size_t left() const {
        return offset_ < message_.size() ? message_.size() - offset_ : 0;
    }
    [[nodiscard]] bool ok() const { return ok_; }

  private:
    Bytes message_;
    std::size_t offset_;
    bool ok_ = true;
};

std::string strings(DataReader& in) {
    std::string out;
    while (in.left() > 0 && out.size() < kTextCap) out += (out.empty() ? "" : " ") + in.quoted();
    return out;
}

std::string authority(DataReader& in) {
    const std::string server = in.name();
    const std::string mailbox = in.name();
    std::string out = server + ' ' + mailbox;
    for (int i = 0; i < 5; ++i) fmt::format_to(std::back_inserter(out), " {}", in.number(4));
    return out;
}

std::string signature(DataReader& in) {
    const auto covered = static_cast<std::uint16_t>(in.number(2));
    std::string out = type_name(covered);
    for (const std::size_t width : {1u, 1u, 4u, 4u, 4u, 2u})
        fmt::format_to(std::back_inserter(out), " {}", in.number(width));
    out += ' ' + in.name();
    return out + ' ' + to_base64(in.rest());
}

/// RFC 9460: priority, target, then parameters by key; ALPN and addresses as text.
std::string service_binding(DataReader& in) {
    std::string out = fmt::format("{}", in.number(2));
    out += ' ' + in.name();
    while (in.left() >= 4 && out.size() < kTextCap) {
        const auto key = in.number(2);
        const Bytes value = in.take(in.number(2));
        if (key == 1) {
            std::string list;
            ByteReader names(value);
            while (names.ok() && !names.rest().empty())
                (list += list.empty() ? "" : ",") += as_text(names.take(names.u8()));
            out += " alpn=" + list;
        } else if (key == 4) {
            for (std::size_t i = 0; i + 4 <= value.size(); i += 4)
                out += " ipv4hint=" +
                       IpAddress::v4(std::span<const std::uint8_t, 4>(&value[i], 4)).to_string();
        } else if (key == 3 && value.size() == 2) {
            out += fmt::format(" port={}", value[0] << 8 | value[1]);
        } else {
            out += fmt::format(" key{}={}", key, to_hex(value));
        }
    }
    return out;
}

std::string numbers_then_hex(DataReader& in, std::initializer_list<std::size_t> widths) {
    std::string out;
    for (const std::size_t width : widths)
        fmt::format_to(std::back_inserter(out), "{} ", in.number(width));
    return out + to_hex(in.rest());
}

std::string naming_pointer(DataReader& in) {
    std::string out = fmt::format("{} ", in.number(2));
    out += fmt::format("{} ", in.number(2));
    for (int i = 0; i < 3; ++i) out += in.quoted() + ' ';
    return out + in.name();
}

std::string authorised_issuer(DataReader& in) {
    std::string out = fmt::format("{} ", in.number(1));
    out += as_text(in.take(in.number(1)));
    return out + " \"" + std::string(as_text(in.rest())) + '"';
}

std::string service(DataReader& in, int numbers) {
    std::string out;
    for (int i = 0; i < numbers; ++i) fmt::format_to(std::back_inserter(out), "{} ", in.number(2));
    return out + in.name();
}

std::string public_key(DataReader& in) {
    std::string out;
    for (const std::size_t width : {2U, 1U, 1U}) out += fmt::format("{} ", in.number(width));
    return out + to_base64(in.rest());
}

std::string digest(DataReader& in, std::uint16_t type) {
    if (type == 43 || type == 59) return numbers_then_hex(in, {2, 1, 1});  // DS CDS
    if (type == 44) return numbers_then_hex(in, {1, 1});                   // SSHFP
    if (type == 52 || type == 53) return numbers_then_hex(in, {1, 1, 1});  // TLSA SMIMEA
    return to_hex(in.rest());
}

std::string text_of(DataReader& in, std::uint16_t type) {
    switch (type) {
        case 2:
        case 5:
        case 12:
        case 39:  // NS CNAME PTR DNAME
            return in.name();
        case 6:
            return authority(in);
        case 15:  // MX
            return service(in, 1);
        case 33:  // SRV
            return service(in, 3);
        case 13:
        case 16:
        case 99:  // HINFO TXT SPF
            return strings(in);
        case 35:
            return naming_pointer(in);
        case 46:
            return signature(in);
        case 48:
        case 60:  // DNSKEY CDNSKEY
            return public_key(in);
        case 64:
        case 65:
            return service_binding(in);
        case 257:
            return authorised_issuer(in);
        default:
            return digest(in, type);
    }
}

}  // namespace

std::string record_text(Bytes message, std::uint16_t type, std::size_t offset, std::size_t size) {
    if (offset > message.size() || size > message.size() - offset) return {};
    const Bytes data = message.subspan(offset, size);
    if (type == 1 && size == 4)
        return IpAddress::v4(std::span<const std::uint8_t, 4>(data.data(), 4)).to_string();
    if (type == 28 && size == 16)
        return IpAddress::v6(std::span<const std::uint8_t, 16>(data.data(), 16)).to_string();
    DataReader in(message, offset, size);
    std::string out = text_of(in, type);
    if (!in.ok()) out = to_hex(data);
    if (out.size() > kTextCap) out.resize(kTextCap);
    return out;
}

}  // namespace kentongan::packet::dns
