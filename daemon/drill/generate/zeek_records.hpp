#pragma once
// What a Zeek beside the result servers would report of the night: connections, lookups, and
// notices about a source guessing SSH passwords.
#include <string>

#include "daemon/base/time.hpp"

namespace kentongan::generate {

/// NDJSON lines {"stream":"Conn::LOG","record":{…}}, `count` of them, a few of them hostile.
[[nodiscard]] std::string zeek_records(std::uint64_t seed, std::size_t count, Timestamp start);

/// Zeek's JSON logs in one stream, `count` lines with a `_path`: connections, lookups and requests,
/// all of them ordinary.
[[nodiscard]] std::string zeek_log(std::uint64_t seed, std::size_t count, Timestamp start);

}  // namespace kentongan::generate
