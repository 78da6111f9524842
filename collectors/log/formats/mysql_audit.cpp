// MySQL's audit logs: MariaDB's plugin as CSV of its own kind, Percona's and Enterprise's as JSON.
#include <algorithm>
#include <array>

#include "collectors/log/formats/database.hpp"
#include "collectors/log/formats/mysql.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::string_view kLogins[] = {"CONNECT", "FAILED_CONNECT"};
constexpr std::string_view kTables[] = {"READ", "WRITE", "CREATE", "ALTER", "RENAME", "DROP"};

bool is_one_of(std::string_view word, const auto& words) {
    return std::ranges::find(words, word) != std::end(words);
}

void set_code(std::int64_t code, Event& out) {
    if (code != 0) out.set(Field::error_code, code);
    if (!out.has(Field::event_outcome))
        out.set(Field::event_outcome, code == 0 ? "success" : "failure");
}

struct AuditLine {
    std::array<std::string_view, 8> columns;  // up to the database
    std::string_view object;
    std::int64_t code = 0;

    [[nodiscard]] std::string_view operation() const { return columns[6]; }
};

/// The object is the statement in quotes, or a table; the code is after the last comma. Names that
/// hold a comma make a login line longer than it may be, and then it is none: else a client could
/// write its own outcome.
std::optional<AuditLine> split(std::string_view rest) {
    AuditLine out;
    for (auto& column : out.columns) {
        if (rest.empty()) return std::nullopt;
        column = take_until(rest, ',');
    }
    const bool statement = rest.starts_with('\'');
    if (const auto last = rest.rfind(',');
        !statement && last != std::string_view::npos && rest.substr(last + 1).starts_with("TLS"))
        rest = rest.substr(0, last);  // MariaDB 11.7 adds the version of TLS
    const auto comma = rest.rfind(',');
    if (comma == std::string_view::npos) return std::nullopt;
    out.object = rest.substr(0, comma);
    const auto code = parse_number<std::int64_t>(rest.substr(comma + 1));
    if (!code && !(rest.size() == comma + 1 && is_one_of(out.operation(), kTables)))
        return std::nullopt;
    out.code = code.value_or(0);
    if (statement != (out.operation() == "QUERY")) return std::nullopt;
    if (!statement && out.object.find(',') != std::string_view::npos) return std::nullopt;
    return out;
}

void set_statement_of(std::string_view quoted, Event& out) {
    if (quoted.size() < 2 || !quoted.ends_with('\'')) return;
    const auto statement = quoted.substr(1, quoted.size() - 2);
    out.set(Field::message, statement);
    set_statement(statement, out);
    set_once(Field::event_action, "query", out);
}

std::string_view text_at(const json::object& object, std::string_view outer,
                         std::string_view inner) {
    const auto* value = object.if_contains(outer);
    const auto* within = value == nullptr ? nullptr : value->if_object();
    return within == nullptr ? std::string_view{} : text_of(*within, inner);
}

std::optional<std::int64_t> integer_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr) return std::nullopt;
    if (const auto* number = value->if_int64()) return *number;
    return parse_number<std::int64_t>(text_of(object, key));
}

/// Percona: "name" says what happened.
bool read_percona(const json::object& record, Event& out) {
    const auto name = text_of(record, "name");
    if (name.empty()) return false;
    const auto user = text_of(record, "user");
    const auto code = integer_of(record, "status").value_or(0);
    auto ip = text_of(record, "ip");
    if (ip.empty()) ip = text_of(record, "host");
    set_once(Field::db_name, text_of(record, "db"), out);
    if (const auto id = integer_of(record, "connection_id")) out.set(Field::mysql_thread_id, *id);
    if (name == "Connect") {
        set_mysql_login(code == 0, user.substr(0, user.find('[')), ip, out);
    } else {
        set_once(Field::user_name, user.substr(0, user.find('[')), out);
        set_source(ip, out);
        set_once(Field::event_action, name, out);
        set_statement(text_of(record, "sqltext"), out);
    }
    set_code(code, out);
    return true;
}

/// Enterprise: "class" and "event" say what happened.
bool read_enterprise(const json::object& record, Event& out) {
    const auto kind = text_of(record, "class");
    const auto event = text_of(record, "event");
    if (kind.empty() || event.empty()) return false;
    const auto user = text_at(record, "account", "user");
    auto ip = text_at(record, "login", "ip");
    if (ip.empty()) ip = text_at(record, "account", "host");
    if (const auto id = integer_of(record, "connection_id")) out.set(Field::mysql_thread_id, *id);
    const auto* data =
        record.if_contains(kind == "connection" ? "connection_data" : "general_data");
    const auto* object = data == nullptr ? nullptr : data->if_object();
    const auto code = object == nullptr ? 0 : integer_of(*object, "status").value_or(0);
    if (kind == "connection" && event == "connect") {
        set_once(Field::db_name, text_at(record, "connection_data", "db"), out);
        set_mysql_login(code == 0, user, ip, out);
    } else {
        set_once(Field::user_name, user, out);
        set_source(ip, out);
        set_once(Field::event_action, event, out);
        set_once(Field::db_name, text_at(record, "table_access_data", "db"), out);
        set_once(Field::db_object, text_at(record, "table_access_data", "table"), out);
        set_statement(text_at(record, "general_data", "query"), out);
        if (!out.has(Field::db_statement))
            set_statement(text_at(record, "table_access_data", "query"), out);
    }
    set_code(code, out);
    return true;
}

}  // namespace

bool read_mysql_audit(std::string_view line, const ParseContext& context, Event& out) {
    const auto audit = split(line);
    if (!audit) return false;
    auto stamp = audit->columns[0];
    const auto time = take_mysql_time(stamp, context);
    if (!time || !stamp.empty()) return false;
    const auto operation = audit->operation();
    out.time = *time;
    set_once(Field::host_hostname, audit->columns[1], out);
    set_once(Field::db_name, audit->columns[7], out);
    if (const auto id = parse_number<std::int64_t>(audit->columns[4]))
        out.set(Field::mysql_thread_id, *id);
    if (const auto id = parse_number<std::int64_t>(audit->columns[5]))
        out.set(Field::mysql_query_id, *id);
    if (is_one_of(operation, kLogins)) {
        set_mysql_login(operation == "CONNECT" && audit->code == 0, audit->columns[2],
                        audit->columns[3], out);
    } else {
        set_once(Field::user_name, audit->columns[2], out);
        set_source(audit->columns[3], out);
    }
    if (operation == "QUERY") {
        set_statement_of(audit->object, out);
    } else if (is_one_of(operation, kTables)) {
        out.set(Field::db_operation, operation);
        out.set(Field::event_action, operation);
        out.set(Field::db_object_type, "TABLE");
        set_once(Field::db_object, audit->object, out);
    } else if (operation == "DISCONNECT") {
        out.set(Field::event_action, "session-end");
    } else if (!is_one_of(operation, kLogins)) {
        return false;
    }
    set_code(audit->code, out);
    return true;
}

bool read_mysql_audit(const json::object& line, const ParseContext& context, Event& out) {
    const auto* inner = line.if_contains("audit_record");
    const auto* record = inner == nullptr ? nullptr : inner->if_object();
    const auto& object = record == nullptr ? line : *record;
    // Enterprise's times state no zone and are UTC.
    const auto time = parse_rfc3339(text_of(object, "timestamp"),
                                    record == nullptr ? std::chrono::seconds{0} : context.zone);
    if (!time) return false;
    out.time = *time;
    return record == nullptr ? read_enterprise(object, out) : read_percona(object, out);
}

}  // namespace kentongan::log
