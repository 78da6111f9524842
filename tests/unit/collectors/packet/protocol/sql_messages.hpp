#pragma once
// Messages of PostgreSQL and MySQL for tests.
#include <string>
#include <string_view>

#include "tests/unit/collectors/packet/protocol/recording_protocol.hpp"

namespace kentongan::packet {

inline std::string zero(std::string_view text) { return std::string(text) + '\0'; }

inline std::string pg(char type, std::string_view body) {
    return type + number(body.size() + 4, 4) + std::string(body);
}
inline std::string pg_startup() {
    const std::string body = number(196608, 4) + zero("user") + zero("sirekap") + zero("database") +
                             zero("hasil") + zero("application_name") + zero("psql") + '\0';
    return number(body.size() + 4, 4) + body;
}
inline std::string pg_error(std::string_view state, std::string_view message) {
    return pg('E', zero("SFATAL") + zero("C" + std::string(state)) +
                       zero("M" + std::string(message)) + '\0');
}
inline std::string pg_ready() { return pg('Z', "I"); }

/// A number in `width` bytes, the least first.
inline std::string little(std::uint64_t value, int width) {
    std::string out;
    for (int i = 0; i < width; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}
inline std::string my(int sequence, std::string_view body) {
    return little(body.size(), 3) + static_cast<char>(sequence) + std::string(body);
}
inline std::string my_greeting(std::uint32_t capabilities) {
    return my(0, "\x0A" + zero("8.0.36") + little(42, 4) + "challeng" + '\0' +
                     little(capabilities & 0xFFFF, 2) + little(33, 1) + little(2, 2) +
                     little(capabilities >> 16, 2) + little(21, 1) + std::string(10, '\0') +
                     zero("ehere12chars") + zero("caching_sha2_password"));
}
inline std::string my_login(std::uint32_t capabilities) {
    return my(1, little(capabilities, 4) + little(1 << 24, 4) + little(33, 1) +
                     std::string(23, '\0') + zero("budi") + little(4, 1) + "hash" +
                     zero("pilpres") + zero("mysql_native_password") + little(18, 1) +
                     little(12, 1) + "program_name" + little(4, 1) + "dump");
}
inline std::string my_ok(int sequence, int rows, int status = 2) {
    return my(sequence, std::string(1, '\0') + little(static_cast<std::uint64_t>(rows), 1) +
                            std::string(1, '\0') + little(static_cast<std::uint64_t>(status), 2) +
                            little(0, 2));
}
inline std::string my_error(int sequence, int code, std::string_view message) {
    return my(sequence, "\xFF" + little(static_cast<std::uint64_t>(code), 2) + "#28000" +
                            std::string(message));
}

}  // namespace kentongan::packet
