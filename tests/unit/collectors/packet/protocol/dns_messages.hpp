#pragma once
// DNS messages for tests.
#include <string>
#include <string_view>

#include "tests/unit/collectors/packet/protocol/recording_protocol.hpp"

namespace kentongan::packet {

/// "a.bc" as labels.
inline std::string dns_name(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const auto dot = name.find('.');
        out += sized(name.substr(0, dot), 1);
        name = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
    }
    return out + '\0';
}
inline std::string dns_header(int id, int flags, int questions, int answers, int authorities = 0,
                              int additionals = 0) {
    std::string out;
    for (const int value : {id, flags, questions, answers, authorities, additionals})
        out += number(static_cast<std::uint64_t>(value), 2);
    return out;
}
inline std::string dns_question(std::string_view name, int type) {
    return dns_name(name) + number(static_cast<std::uint64_t>(type), 2) + number(1, 2);
}
inline std::string dns_query(int id, std::string_view name, int type = 1) {
    return dns_header(id, 0x0100, 1, 0) + dns_question(name, type);
}
/// A record whose name points to the question.
inline std::string dns_record(int type, std::string_view data, unsigned ttl = 300) {
    return number(0xC00C, 2) + number(static_cast<std::uint64_t>(type), 2) + number(1, 2) +
           number(ttl, 4) + sized(data, 2);
}
inline std::string dns_answer(int id, std::string_view name, int type, std::string_view data) {
    return dns_header(id, 0x8180, 1, 1) + dns_question(name, type) + dns_record(type, data);
}

}  // namespace kentongan::packet
