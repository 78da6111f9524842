// What a PostgreSQL message says: a login, a statement and how long it took, an entry of pgaudit.
#include "collectors/log/formats/auth.hpp"
#include "collectors/log/formats/database.hpp"
#include "collectors/log/formats/postgresql.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

void set_host(std::string_view host, std::string_view port, Event& out) {
    if (host == "[local]" || out.has(Field::source_ip) || out.has(Field::source_address)) return;
    set_source(host, out);
    if (const auto number = parse_number<std::int64_t>(port); number && *number > 0)
        out.set(Field::source_port, *number);
}

/// "user=app database=sirekap application_name=psql host=10.0.0.5 port=53422".
void set_connection(std::string_view text, Event& out) {
    set_once(Field::user_name, text_between(text, "user=", ' '), out);
    set_once(Field::db_name, text_between(text, "database=", ' '), out);
    set_once(Field::db_application, text_between(text, "application_name=", ' '), out);
    set_host(text_between(text, "host=", ' '), text_between(text, "port=", ' '), out);
}

/// What PostgreSQL says of a client it does not let in.
bool is_refusal(std::string_view message) {
    for (const std::string_view sign :
         {"authentication failed for user \"", "no pg_hba.conf entry for ", "pg_hba.conf rejects ",
          "is not permitted to log in"})
        if (message.find(sign) != std::string_view::npos) return true;
    return message.starts_with("role \"") && message.ends_with("\" does not exist");
}

/// One failed login is one FATAL message, its DETAIL included.
bool read_login(const PostgresRecord& record, Event& out) {
    const auto message = record.message;
    if (const auto at = message.substr(0, 64).find("connection authorized: ");
        at != std::string_view::npos) {
        set_connection(message.substr(at), out);
        set_attempt(true, "database-login", out);
        return true;
    }
    const bool stated = record.state == "28P01" || record.state == "28000";
    if (record.severity != "FATAL" || !(stated || is_refusal(message))) return false;
    set_once(Field::user_name, text_between(message, "user \"", '"'), out);
    set_once(Field::user_name, text_between(message, "role \"", '"'), out);
    set_once(Field::db_name, text_between(message, "database \"", '"'), out);
    set_host(text_between(message, "host \"", '"'), {}, out);
    const bool password = message.starts_with("password authentication failed");
    set_once(Field::error_code, password ? "28P01" : "28000", out);
    set_attempt(false, "database-login", out);
    return true;
}

bool read_connection(std::string_view message, Event& out) {
    if (message.starts_with("connection received: ")) {
        out.set(Field::event_action, "connection-received");
    } else if (message.starts_with("disconnection: session time: ")) {
        out.set(Field::event_action, "session-end");
        auto clock = text_between(message, "time: ", ' ');  // 0:00:12.345
        const auto hours = parse_number<double>(take_until(clock, ':'));
        const auto minutes = parse_number<double>(take_until(clock, ':'));
        const auto seconds = parse_number<double>(clock);
        if (hours && minutes && seconds)
            set_duration(*hours * 3600 + *minutes * 60 + *seconds, out);
    } else {
        return false;
    }
    set_connection(message, out);
    return true;
}

/// auto_explain: the statement, and the rows that the plan's top node gave.
void read_plan(std::string_view plan, Event& out) {
    set_statement(text_between(plan, "Query Text: ", '\n'), out);
    const auto actual = plan.find("(actual ");
    if (actual == std::string_view::npos) return;
    const auto rows = text_between(plan.substr(actual), " rows=", ' ');
    if (const auto count = parse_number<double>(rows); count && *count >= 0 && *count < 1e15)
        out.set(Field::db_rows, static_cast<std::int64_t>(*count));
}

/// "statement: …", "execute name: …", "parse name: …", "bind name: …".
bool read_statement(std::string_view text, Event& out) {
    if (take(text, "statement: ")) {
        set_statement(text, out);
        return true;
    }
    for (const std::string_view kind : {"execute ", "parse ", "bind "})
        if (text.starts_with(kind)) {
            const auto end = text.substr(0, 128).find(": ");
            if (end == std::string_view::npos) return false;
            set_statement(text.substr(end + 2), out);
            return true;
        }
    return false;
}

bool read_timed(std::string_view message, Event& out) {
    if (!take(message, "duration: ")) return read_statement(message, out);
    const auto ms = parse_number<double>(take_until(message, ' '));
    if (!ms || !take(message, "ms")) return false;
    set_duration(*ms / 1000, out);
    while (take(message, " ")) {
    }
    if (take(message, "plan:"))
        read_plan(message, out);
    else
        (void)read_statement(message, out);
    return true;
}

void set_audited(Field field, std::string_view value, Event& out) {
    if (!value.empty() && value != "<none>" && value != "<not logged>" &&
        value != "<previously logged>")
        out.set(field, value);
}

/// "AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.hasil,SELECT …,<not logged>[,rows]" (pgaudit's
/// README; rows since 1.7 with pgaudit.log_rows).
bool read_audit(std::string_view message, CsvRecord& csv, Event& out) {
    if (!take(message, "AUDIT: ") || !csv.read(message) || csv.size() < 8) return false;
    if (csv[0] != "SESSION" && csv[0] != "OBJECT") return false;
    out.set(Field::postgresql_audit_type, csv[0]);
    out.set(Field::postgresql_audit_class, csv[3]);
    set_audited(Field::event_action, csv[4], out);
    set_audited(Field::db_operation, csv[4], out);
    set_audited(Field::db_object_type, csv[5], out);
    set_audited(Field::db_object, csv[6], out);
    set_audited(Field::db_statement, csv[7], out);
    set_audited(Field::postgresql_audit_parameter, csv[8], out);
    if (const auto rows = parse_number<std::int64_t>(csv[9]); rows && *rows >= 0)
        out.set(Field::db_rows, *rows);
    return true;
}

bool is_error(std::string_view severity) {
    return severity == "ERROR" || severity == "FATAL" || severity == "PANIC";
}

void set_record(const PostgresRecord& record, Event& out) {
    if (record.time) out.time = *record.time;
    if (record.pid) out.set(Field::process_pid, *record.pid);
    set_once(Field::user_name, record.user, out);
    set_once(Field::db_name, record.database, out);
    set_host(record.host, record.port, out);
    set_once(Field::db_application, record.application, out);
    set_once(Field::log_level, record.severity, out);
    if (record.state != "00000") set_once(Field::error_code, record.state, out);
    out.set(Field::message, record.message);
    if (is_error(record.severity)) out.set(Field::error_message, record.message);
    set_once(Field::postgresql_session_id, record.session, out);
    set_once(Field::postgresql_command_tag, record.command_tag, out);
    if (record.transaction != "0")
        set_once(Field::postgresql_transaction_id, record.transaction, out);
    set_once(Field::postgresql_backend_type, record.backend, out);
    set_once(Field::postgresql_detail, record.detail, out);
    set_once(Field::postgresql_hint, record.hint, out);
    set_once(Field::postgresql_context, record.context, out);
}

}  // namespace

void fill_postgres_event(const PostgresRecord& record, CsvRecord& audit, Event& out) {
    set_database("postgresql", out);
    set_record(record, out);
    if (read_audit(record.message, audit, out)) return;
    if (!read_login(record, out) && !read_connection(record.message, out))
        (void)read_timed(record.message, out);
    if (!out.has(Field::db_statement)) set_statement(record.statement, out);
    if (out.has(Field::db_operation))
        set_once(Field::event_action, out.text(Field::db_operation), out);
    if (is_error(record.severity) && !out.has(Field::event_outcome))
        out.set(Field::event_outcome, "failure");
}

}  // namespace kentongan::log
