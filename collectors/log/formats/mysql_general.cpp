// MySQL's general query log.
#include <algorithm>
#include <array>

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

}  // namespace

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

bool is_mysql_heading(std::string_view line) {
    return (line.find(", Version: ") != std::string_view::npos &&
            line.find("started with:") != std::string_view::npos) ||
           line.starts_with("Tcp port: ") ||
           (line.starts_with("Time  ") && line.ends_with("Argument"));
}

}  // namespace kentongan::log
