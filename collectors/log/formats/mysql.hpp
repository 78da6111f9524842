#pragma once
// The logs of MySQL and MariaDB, by kind: general, error, slow, and the audit plugins. Each reader
// gives false, with `out` half filled, for what is not its own.
#include <algorithm>
#include <optional>
#include <string_view>

#include "collectors/log/format.hpp"
#include "collectors/log/formats/json_line.hpp"

namespace kentongan::log {

/// Takes a time off the front: RFC 3339, "2024-11-27 16:31:05", "241127 16:31:05" (the hour may be
/// padded with a space), "20241127 16:31:05".
[[nodiscard]] std::optional<Timestamp> take_mysql_time(std::string_view& rest,
                                                       const ParseContext& context);

/// "[time]\t  12 Query\tSELECT 1": MySQL 5 and 8, MariaDB.
[[nodiscard]] bool is_mysql_general(std::string_view line, const ParseContext& context);
[[nodiscard]] bool read_mysql_general(std::string_view record, const ParseContext& context,
                                      Event& out);

/// "time [thread] [Level] [MY-nnnnnn] [Subsystem] message"; the brackets after Level since 8.
[[nodiscard]] bool is_mysql_error(std::string_view line, const ParseContext& context);
[[nodiscard]] bool read_mysql_error(std::string_view record, const ParseContext& context,
                                    Event& out);

/// What the server writes above its logs when it opens them.
[[nodiscard]] bool is_mysql_heading(std::string_view line);

/// "# Time: …", "# User@Host: …", "# Query_time: …", then the statement.
[[nodiscard]] bool read_mysql_slow(std::string_view record, const ParseContext& context,
                                   Event& out);

/// MariaDB's audit plugin: "time,host,user,client,connection,query,operation,db,object,code".
[[nodiscard]] bool read_mysql_audit(std::string_view line, const ParseContext& context, Event& out);
/// Percona's and MySQL Enterprise's audit log as JSON.
[[nodiscard]] bool read_mysql_audit(const json::object& line, const ParseContext& context,
                                    Event& out);

/// Takes spaces and tabs off the front.
inline void skip_blanks(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}
/// Takes what there is of decimal digits off the front.
inline std::string_view take_digits(std::string_view& rest) {
    const auto digits = rest.substr(0, std::min(rest.find_first_not_of("0123456789"), rest.size()));
    rest.remove_prefix(digits.size());
    return digits;
}

/// A login, from `user` and `host` as MySQL names them.
void set_mysql_login(bool success, std::string_view user, std::string_view host, Event& out);
/// "Access denied for user 'root'@'10.0.0.9' (using password: YES)", wherever it is written.
[[nodiscard]] bool read_mysql_refusal(std::string_view message, Event& out);

}  // namespace kentongan::log
