// MySQL's general query log and error log.
#include <algorithm>
#include <array>

#include "collectors/log/formats/auth.hpp"
#include "collectors/log/formats/database.hpp"
#include "collectors/log/formats/mysql.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::string_view kCommands[] = {"Query",
                                          "Connect",
                                          "Quit",
                                          "Init DB",
                                          "Prepare",
                                          "Execute",
                                          "Close stmt",
                                          "Field List",
                                          "Statistics",
                                          "Ping",
                                          "Change user",
                                          "Reset stmt",
                                          "Fetch",
                                          "Long Data",
                                          "Binlog Dump",
                                          "Daemon",
                                          "Shutdown",
                                          "Refresh",
                                          "Sleep",
                                          "Kill",
                                          "Debug",
                                          "Processlist",
                                          "Create DB",
                                          "Drop DB",
                                          "Table Dump",
                                          "Connect Out",
                                          "Register Slave",
                                          "Set option",
                                          "Delayed insert",
                                          "Time",
                                          "Reset Connection",
                                          "Error",
                                          "Binlog Dump GTID",
                                          "Bulk_execute"};

struct GeneralLine {
    std::optional<Timestamp> time;
    std::int64_t thread = 0;
    std::string_view command;
    std::string_view argument;
};

void skip_blanks(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

std::string_view take_digits(std::string_view& rest) {
    const auto digits = rest.substr(0, std::min(rest.find_first_not_of("0123456789"), rest.size()));
    rest.remove_prefix(digits.size());
    return digits;
}

/// The time may be missing: older servers print it once a second.
std::optional<GeneralLine> split_general(std::string_view rest, const ParseContext& context) {
    GeneralLine out;
    if (!rest.starts_with('\t')) {
        out.time = take_mysql_time(rest, context);
        if (!out.time) return std::nullopt;
    }
    if (rest.empty() || (rest[0] != '\t' && rest[0] != ' ')) return std::nullopt;
    skip_blanks(rest);
    const auto thread = parse_number<std::int64_t>(take_digits(rest));
    if (!thread || !take(rest, " ")) return std::nullopt;
    out.thread = *thread;
    const auto line = rest.substr(0, rest.find('\n'));
    out.command = line.substr(0, line.find('\t'));
    while (out.command.ends_with(' ')) out.command.remove_suffix(1);
    if (std::ranges::find(kCommands, out.command) == std::end(kCommands)) return std::nullopt;
    const auto tab = line.find('\t');
    if (tab != std::string_view::npos) out.argument = rest.substr(tab + 1);
    return out;
}

/// "root@10.0.0.9 on sirekap using TCP/IP". Written before the password is looked at: a line that
/// says "Access denied" follows where it was wrong, so that this one is no login yet.
void read_connect(std::string_view argument, Event& out) {
    out.set(Field::event_category, "authentication");
    const auto on = argument.find(" on");
    const auto account = argument.substr(0, std::min(on, argument.find(' ')));
    const auto at = account.rfind('@');
    if (at == std::string_view::npos) return;
    set_once(Field::user_name, account.substr(0, at), out);
    set_source(account.substr(at + 1), out);
    if (on == std::string_view::npos) return;
    auto database = argument.substr(std::min(on + 4, argument.size()));
    database = database.substr(0, database.find(' '));
    set_once(Field::db_name, database, out);
}

/// Blanks become hyphens: "Init DB" is "init-db".
void set_action(std::string_view command, Event& out) {
    std::array<char, 24> text{};
    const auto size = std::min(command.size(), text.size());
    for (std::size_t i = 0; i < size; ++i)
        text[i] = command[i] == ' ' ? '-' : ascii_lower(command[i]);
    out.set(Field::event_action, std::string_view(text.data(), size));
}

struct ErrorLine {
    Timestamp time;
    std::optional<std::int64_t> thread;
    std::string_view level;
    std::string_view code;
    std::string_view subsystem;
    std::string_view message;
};

/// "[Warning] " off the front.
std::string_view take_bracketed(std::string_view& rest) {
    if (!rest.starts_with('[')) return {};
    const auto end = rest.substr(0, 64).find(']');
    if (end == std::string_view::npos) return {};
    const auto text = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    skip_blanks(rest);
    return text;
}

std::optional<ErrorLine> split_error(std::string_view rest, const ParseContext& context) {
    ErrorLine out;
    const auto time = take_mysql_time(rest, context);
    if (!time || !rest.starts_with(' ')) return std::nullopt;
    out.time = *time;
    skip_blanks(rest);
    if (auto after = rest; !take_digits(after).empty() && after.starts_with(' ')) {
        out.thread = parse_number<std::int64_t>(take_digits(rest));
        skip_blanks(rest);
    }
    out.level = take_bracketed(rest);
    if (out.level.empty() && !rest.starts_with("mysqld_safe ") && !rest.starts_with("InnoDB: "))
        return std::nullopt;
    if (rest.starts_with("[MY-")) {
        out.code = take_bracketed(rest);
        out.subsystem = take_bracketed(rest);
    }
    out.message = rest;
    return out;
}

}  // namespace

std::optional<Timestamp> take_mysql_time(std::string_view& rest, const ParseContext& context) {
    if (rest.size() < 15 || !is_digit(rest[0])) return std::nullopt;
    if (rest[4] == '-') {
        const auto end = std::min(rest.find_first_of(" \t", 11), rest.size());
        const auto time = parse_rfc3339(rest.substr(0, end), context.zone);
        if (time) rest.remove_prefix(end);
        return time;
    }
    const std::size_t date = rest[6] == ' ' ? 6 : 8;
    if (rest.size() < date + 9 || rest[date] != ' ' || rest[date + 3] != ':' ||
        rest[date + 6] != ':')
        return std::nullopt;
    const int year = date == 6 ? 2000 + digits_at<2>(rest, 0) : digits_at<4>(rest, 0);
    const bool padded = rest[date + 1] == ' ';
    const int hour = padded ? digits_at<1>(rest, date + 2) : digits_at<2>(rest, date + 1);
    const auto time =
        from_civil(year, digits_at<2>(rest, date - 4), digits_at<2>(rest, date - 2), hour,
                   digits_at<2>(rest, date + 4), digits_at<2>(rest, date + 7), context.zone);
    if (time) rest.remove_prefix(date + 9);
    return time;
}

void set_mysql_login(bool success, std::string_view user, std::string_view host, Event& out) {
    set_once(Field::user_name, user, out);
    if (!out.has(Field::source_ip) && !out.has(Field::source_address)) set_source(host, out);
    set_attempt(success, "database-login", out);
}

bool read_mysql_refusal(std::string_view message, Event& out) {
    if (!message.starts_with("Access denied for user '")) return false;
    const auto user = text_between(message, "'", '\'');
    const auto host = text_between(message, "'@'", '\'');
    // The password was right, the database is not theirs.
    if (const auto database = text_between(message, " to database '", '\''); !database.empty()) {
        set_once(Field::user_name, user, out);
        set_source(host, out);
        set_once(Field::db_name, database, out);
        set_once(Field::error_code, "1044", out);
        out.set(Field::event_action, "database-refused");
        out.set(Field::event_outcome, "failure");
        return true;
    }
    set_once(Field::error_code, "1045", out);
    set_mysql_login(false, user, host, out);
    return true;
}

bool is_mysql_general(std::string_view line, const ParseContext& context) {
    return split_general(line, context).has_value();
}

bool read_mysql_general(std::string_view record, const ParseContext& context, Event& out) {
    const auto line = split_general(record, context);
    if (!line) return false;
    if (line->time) out.time = *line->time;
    out.set(Field::mysql_thread_id, line->thread);
    set_once(Field::message, line->argument, out);
    if (read_mysql_refusal(line->argument, out)) return true;
    set_action(line->command, out);
    if (line->command == "Connect")
        read_connect(line->argument, out);
    else if (line->command == "Init DB")
        set_once(Field::db_name, line->argument, out);
    else if (line->command == "Query" || line->command == "Execute" || line->command == "Prepare")
        set_statement(line->argument, out);
    return true;
}

bool is_mysql_error(std::string_view line, const ParseContext& context) {
    return split_error(line, context).has_value();
}

bool read_mysql_error(std::string_view record, const ParseContext& context, Event& out) {
    const auto line = split_error(record, context);
    if (!line) return false;
    out.time = line->time;
    if (line->thread) out.set(Field::mysql_thread_id, *line->thread);
    set_once(Field::log_level, line->level, out);
    set_once(Field::event_code, line->code, out);
    set_once(Field::log_logger, line->subsystem, out);
    out.set(Field::message, line->message);
    if (read_mysql_refusal(line->message, out) || !line->message.starts_with("Aborted connection "))
        return true;
    set_once(Field::db_name, text_between(line->message, " db: '", '\''), out);
    set_once(Field::user_name, text_between(line->message, " user: '", '\''), out);
    set_source(text_between(line->message, " host: '", '\''), out);
    out.set(Field::event_action, "connection-aborted");
    return true;
}

bool is_mysql_heading(std::string_view line) {
    return (line.find(", Version: ") != std::string_view::npos &&
            line.find("started with:") != std::string_view::npos) ||
           line.starts_with("Tcp port: ") ||
           (line.starts_with("Time  ") && line.ends_with("Argument"));
}

}  // namespace kentongan::log
