#pragma once
// The fields a question may name: one table that the parser, the evaluator and the compilers read.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kentongan::query {

/// How a field's values are compared.
enum class Kind {
    text,      ///< words
    keyword,   ///< one value, without regard to case
    list,      ///< several such values
    rule,      ///< a keyword of the alert's rule
    address,   ///< an IP address
    networks,  ///< several of them
    number,
    time,
    severity,  ///< ordered: info, low, medium, high, critical
    flag,      ///< true or false
    place,     ///< a code of digits, found by each of its parents' codes
    mark,      ///< a keyword that is also asked for as true or false
};

/// In the order of the table.
enum class Name : std::uint8_t {
    first_seen,
    last_seen,
    severity,
    count,
    tlp,
    exercise,
    agency,
    state,
    reason,
    assignee,
    case_id,
    suppressed,
    rule_id,
    rule_name,
    ruleset,
    category,
    technique,
    message,
    entity,
    source_ip,
    source_port,
    destination_ip,
    destination_port,
    user,
    host,
    sensor,
    file_path,
    file_hash,
    url,
    related_ip,
    related_user,
    related_hosts,
    related_hash,
    tps,
    area,
    id,
};
inline constexpr std::size_t kFields = static_cast<std::size_t>(Name::id) + 1;

struct Field {
    Name name;
    std::string_view text;     ///< as it is written in a question
    std::string_view aliases;  ///< separated by blanks
    Kind kind;
    std::string_view column;  ///< of the table `search`, or of `search_rules` for Kind::rule
    std::string_view about;
};

[[nodiscard]] std::span<const Field, kFields> fields();
[[nodiscard]] const Field& field(Name name);
/// By name or alias in any case; null when there is none.
[[nodiscard]] const Field* find_field(std::string_view text);
/// "did you mean …", or the way to the list of fields.
[[nodiscard]] std::string near_fields(std::string_view text);

[[nodiscard]] constexpr std::size_t index_of(Name name) { return static_cast<std::size_t>(name); }

}  // namespace kentongan::query
