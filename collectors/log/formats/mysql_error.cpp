// MySQL's error log, and what all of its logs share: times, logins, refusals.
#include <algorithm>

#include "collectors/log/formats/auth.hpp"
#include "collectors/log/formats/database.hpp"
#include "collectors/log/formats/mysql.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

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

}  // namespace kentongan::log
