// The slow query log of MySQL, MariaDB and Percona: comment lines of figures, then the statement.
#include <algorithm>

#include "collectors/log/formats/database.hpp"
#include "collectors/log/formats/mysql.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

/// The value after `name` on a line of "Name: value  Name: value".
std::string_view figure(std::string_view line, std::string_view name) {
    const auto at = line.find(name);
    if (at == std::string_view::npos || (at > 0 && line[at - 1] != ' ')) return {};
    auto rest = line.substr(at + name.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return rest.substr(0, rest.find(' '));
}

std::optional<std::int64_t> count(std::string_view line, std::string_view name) {
    const auto number = parse_number<std::int64_t>(figure(line, name));
    return number && *number >= 0 ? number : std::nullopt;
}

/// "app[app] @ web-1 [10.0.0.5]  Id:    12".
void read_account(std::string_view line, Event& out) {
    set_once(Field::user_name, line.substr(0, line.find('[')), out);
    const auto at = line.find(" @ ");
    if (at == std::string_view::npos) return;
    const auto rest = line.substr(at + 3);
    const auto ip = text_between(rest, "[", ']');
    set_source(ip.empty() ? rest.substr(0, rest.find(' ')) : ip, out);
    if (const auto thread = count(line, "Id:")) out.set(Field::mysql_thread_id, *thread);
}

void read_figures(std::string_view line, Event& out) {
    if (const auto seconds = parse_number<double>(figure(line, "Query_time:")))
        set_duration(*seconds, out);
    if (const auto rows = count(line, "Rows_sent:")) out.set(Field::db_rows, *rows);
    if (const auto thread = count(line, "Thread_id:")) out.set(Field::mysql_thread_id, *thread);
    if (const auto errors = count(line, "Last_errno:"); errors && *errors > 0)
        out.set(Field::error_code, *errors);
    set_once(Field::db_name, figure(line, "Schema:"), out);
}

/// "use sirekap;" and "SET timestamp=1732699865;", which the server puts before the statement.
bool read_preamble(std::string_view line, Event& out) {
    if (!line.ends_with(';')) return false;
    auto rest = line.substr(0, line.size() - 1);
    if (take(rest, "use ")) {
        set_once(Field::db_name, rest, out);
        return true;
    }
    if (!take(rest, "SET timestamp=")) return false;
    const auto seconds = parse_number<std::int64_t>(rest.substr(0, rest.find('.')));
    if (!seconds || *seconds <= 0 || *seconds > 7'258'118'400) return false;
    if (out.time == Timestamp{}) out.time = from_nanoseconds(*seconds * 1'000'000'000);
    return true;
}

}  // namespace

bool read_mysql_slow(std::string_view record, const ParseContext& context, Event& out) {
    bool found = false;
    while (record.starts_with('#')) {
        auto line = take_until(record, '\n');
        if (take(line, "# Time: ")) {
            if (const auto time = take_mysql_time(line, context)) out.time = *time;
            found = true;
        } else if (take(line, "# User@Host: ")) {
            read_account(line, out);
            found = true;
        } else {
            read_figures(line, out);
        }
    }
    if (!found) return false;
    while (!record.empty()) {
        auto rest = record;
        if (!read_preamble(take_until(rest, '\n'), out)) break;
        record = rest;
    }
    out.set(Field::event_action, "slow-query");
    set_statement(record, out);
    return true;
}

}  // namespace kentongan::log
