// Where FTP's data goes, as PORT, PASV and their extended forms say it.
#include <fmt/format.h>

#include <array>

#include "collectors/packet/protocol/ftp/ftp_dissector.hpp"
#include "daemon/base/ip.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::packet {

namespace {

/// "h1,h2,h3,h4,p1,p2".
std::string from_numbers(std::string_view text) {
    std::array<unsigned, 6> numbers{};
    for (unsigned& number : numbers) {
        const auto one = parse_number<unsigned>(trim(take_until(text, ',')));
        if (!one || *one > 255) return {};
        number = *one;
    }
    return fmt::format("{}.{}.{}.{}:{}", numbers[0], numbers[1], numbers[2], numbers[3],
                       numbers[4] << 8 | numbers[5]);
}

/// "|2|2001:db8::1|5001|", where the first two may be empty.
std::string from_extended(std::string_view text) {
    if (text.empty()) return {};
    const char separator = text.front();
    text.remove_prefix(1);
    (void)take_until(text, separator);
    const std::string_view host = take_until(text, separator);
    const auto port = parse_number<std::uint16_t>(take_until(text, separator));
    if (!port || (!host.empty() && !IpAddress::parse(host))) return {};
    const bool is_v6 = host.find(':') != std::string_view::npos;
    return is_v6 ? fmt::format("[{}]:{}", host, *port) : fmt::format("{}:{}", host, *port);
}

/// What stands in brackets; without any, from the first digit on.
std::string_view bracketed(std::string_view text) {
    const auto open = text.find('(');
    if (open == std::string_view::npos) {
        const auto digit = text.find_first_of("0123456789");
        text = digit == std::string_view::npos ? std::string_view{} : text.substr(digit);
        return text.substr(0, text.find_first_not_of("0123456789,"));
    }
    return text.substr(open + 1, text.find(')', open) - open - 1);
}

}  // namespace

std::string data_channel(std::string_view command, std::string_view text) {
    if (command == "PORT") return from_numbers(text);
    if (command == "EPRT") return from_extended(text);
    if (command == "PASV") return from_numbers(bracketed(text));
    if (command == "EPSV") return from_extended(bracketed(text));
    return {};
}

}  // namespace kentongan::packet
