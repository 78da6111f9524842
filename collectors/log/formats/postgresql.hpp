#pragma once
// One message of a PostgreSQL server, whichever of its logs it came from: its CSV, its JSON or its
// text log (PostgreSQL 17 manual, sections 19.8.3 to 19.8.5).
#include <optional>
#include <string_view>

#include "collectors/log/format.hpp"
#include "collectors/log/formats/csv.hpp"

namespace kentongan::log {

/// Empty where the log says nothing.
struct PostgresRecord {
    std::optional<Timestamp> time;
    std::optional<std::int64_t> pid;
    std::string_view user;
    std::string_view database;
    std::string_view host;
    std::string_view port;
    std::string_view session;
    std::string_view command_tag;
    std::string_view transaction;
    std::string_view severity;
    std::string_view state;
    std::string_view message;
    std::string_view detail;
    std::string_view hint;
    std::string_view context;
    std::string_view statement;
    std::string_view application;
    std::string_view backend;
};

/// Takes "2024-11-27 16:31:05.120 WIB" off the front; a zone name that is not known is as if it
/// were not there.
[[nodiscard]] std::optional<Timestamp> take_postgres_time(std::string_view& rest,
                                                          const ParseContext& context);

/// A line of the CSV log: 22 columns or more.
[[nodiscard]] bool read_postgres_csv(CsvRecord& csv, std::string_view line,
                                     const ParseContext& context, PostgresRecord& out);

/// A record of the text log. The shape of log_line_prefix is guessed; names in it are chosen by
/// clients, who may write what looks like a severity: the other two logs have no such weakness.
[[nodiscard]] bool read_postgres_text(std::string_view record, const ParseContext& context,
                                      PostgresRecord& out);
/// Whether a line of the text log goes on with the record before it.
[[nodiscard]] bool continues_postgres_text(std::string_view line);
/// Whether it begins one: a time, then a severity.
[[nodiscard]] bool begins_postgres_text(std::string_view line);

/// Fills in the event: the record's fields, and what its message says (logins, statements,
/// durations, pgaudit). `audit` is scratch memory.
void fill_postgres_event(const PostgresRecord& record, CsvRecord& audit, Event& out);

}  // namespace kentongan::log
