#include "collectors/packet/protocol/sql/sql_event.hpp"

#include <algorithm>

#include "collectors/log/formats/database.hpp"
#include "collectors/packet/protocol/login.hpp"
#include "collectors/packet/protocol/pending.hpp"

namespace kentongan::packet::sql {

namespace {

Event& begin(const Session& session, const Moment& at, ProtocolSink& out) {
    Event& event = out.begin(EventKind::sql, "database", Side::originator, at);
    log::set_database(session.system, event);
    event.set(Field::network_protocol, session.system);
    event.set(Field::db_system, session.system);
    set_text(event, Field::user_name, session.user);
    set_text(event, Field::db_name, session.database);
    set_text(event, Field::db_application, session.application);
    if (session.thread) event.set(Field::mysql_thread_id, std::int64_t{*session.thread});
    return event;
}

/// The names that a database's log has too stand beside those of the wire.
void set_result(const Result& result, Event& event) {
    if (result.success) event.set(Field::event_outcome, *result.success ? "success" : "failure");
    if (result.rows) event.set(Field::db_rows, *result.rows);
    set_text(event, Field::postgresql_command_tag, result.tag);
    for (const Field field : {Field::db_error_code, Field::error_code})
        set_text(event, field, result.error_code);
    for (const Field field : {Field::db_error, Field::error_message})
        set_text(event, field, result.error);
}

/// A server that is full or has no such database says nothing about a password.
bool refuses_the_user(std::string_view code) {
    constexpr std::string_view kMysql[] = {"1044", "1045", "1698", "3118", "3955"};
    return (code.size() == 5 && code.starts_with("28")) ||
           std::ranges::find(kMysql, code) != std::end(kMysql);
}

}  // namespace

void emit_login(const Session& session, const Result& result, const Moment& at, ProtocolSink& out) {
    Event& event = begin(session, at, out);
    event.set(Field::event_action, "login");
    event.set(Field::event_category, "authentication");
    set_text(event, Field::db_authentication, session.authentication);
    set_result(result, event);
    out.emit();
    if (result.success && (*result.success || refuses_the_user(result.error_code)))
        emit_auth({session.system, Side::originator, *result.success, session.user, result.error},
                  at, out);
}

void emit_statement(const Session& session, std::string_view statement, const Result& result,
                    const Moment& asked, const Moment& at, ProtocolSink& out) {
    Event& event = begin(session, at, out);
    event.set_raw(statement);  // for rules that look for words anywhere
    event.set(Field::event_action, "query");
    log::set_statement(statement, event);
    set_result(result, event);
    if (result.success) event.set(Field::event_duration, (at.time - asked.time).count());
    out.emit();
}

std::size_t held_bytes(const Session& session) {
    return session.user.capacity() + session.database.capacity() + session.application.capacity() +
           session.authentication.capacity() + session.version.capacity();
}

}  // namespace kentongan::packet::sql
