// Logs of the JVM: the JSON of logstash-logback-encoder, Logback's own and Log4j 2's, and the usual
// text layouts (Spring Boot's, Logback's, Log4j's) with stack traces joined.
#include <algorithm>

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/application.hpp"
#include "collectors/log/formats/database.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr ApplicationPreset::Row kRows[] = {{"level", Field::log_level},
                                            {"message", Field::message},
                                            {"formattedMessage", Field::message},
                                            {"logger_name", Field::log_logger},
                                            {"loggerName", Field::log_logger},
                                            {"thread_name", Field::process_thread_name},
                                            {"threadName", Field::process_thread_name},
                                            {"thread", Field::process_thread_name},
                                            {"stack_trace", Field::error_stack_trace},
                                            {"throwable.className", Field::error_type},
                                            {"throwable.message", Field::error_message},
                                            {"thrown.name", Field::error_type},
                                            {"thrown.message", Field::error_message},
                                            {"caller_file_name", Field::log_origin_file_name},
                                            {"caller_line_number", Field::log_origin_file_line},
                                            {"caller_method_name", Field::log_origin_function},
                                            {"traceId", Field::trace_id}};
constexpr std::string_view kTimes[] = {"@timestamp", "timestamp", "timeMillis",
                                       "instant.epochSecond"};
constexpr ApplicationPreset kPreset{kRows, kTimes, "jvm"};

constexpr std::string_view kLevels[] = {"TRACE", "DEBUG", "INFO",   "WARN",
                                        "ERROR", "FATAL", "SEVERE", "WARNING"};

bool is_level(std::string_view name) {
    return std::ranges::find(kLevels, name) != std::end(kLevels);
}

/// "16:31:05.120" alone is of the day of the event before, or of the day after or before that one,
/// whichever is nearest.
std::optional<Timestamp> time_of_day(std::string_view text, const ParseContext& context) {
    using namespace std::chrono;
    const int hour = digits_at<2>(text, 0);
    const int minute = digits_at<2>(text, 3);
    const int second = digits_at<2>(text, 6);
    const int ms = text.size() == 12 ? digits_at<3>(text, 9) : 0;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 || ms < 0)
        return std::nullopt;
    const auto day = floor<days>(context.reference + context.zone);
    auto time = Timestamp{day} - context.zone + hours{hour} + minutes{minute} + seconds{second} +
                milliseconds{ms};
    if (time - context.reference > hours{12}) time -= days{1};
    if (context.reference - time > hours{12}) time += days{1};
    return time;
}

/// A date and a time, or a time alone; commas before milliseconds as Log4j writes them.
std::optional<Timestamp> take_time(std::string_view& rest, const ParseContext& context) {
    if (rest.size() > 8 && rest[2] == ':' && rest[5] == ':') {
        const bool fraction = rest.size() > 12 && (rest[8] == '.' || rest[8] == ',');
        const auto text = rest.substr(0, fraction ? 12 : 8);
        const auto time = time_of_day(text, context);
        if (time) rest.remove_prefix(text.size());
        return time;
    }
    if (rest.size() < 20 || rest[4] != '-' || rest[7] != '-' || rest[13] != ':')
        return std::nullopt;
    std::array<char, 40> text{};
    const auto end = std::min({rest.find(' ', 11), rest.size(), text.size()});
    std::ranges::copy(rest.substr(0, end), text.begin());
    if (text[19] == ',') text[19] = '.';
    const auto time = parse_rfc3339({text.data(), end}, context.zone);
    if (time) rest.remove_prefix(end);
    return time;
}

struct TextLine {
    std::string_view thread;
    std::string_view level;
    std::string_view pid;
    std::string_view logger;
    std::string_view message;
};

/// What stands between time and message, in any order: LEVEL, [thread], pid and "---".
std::optional<TextLine> split(std::string_view rest) {
    TextLine out;
    for (int i = 0; i < 8; ++i) {
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        if (rest.starts_with('[')) {
            const auto end = rest.substr(0, 256).find(']');
            if (end == std::string_view::npos) return std::nullopt;
            const auto inner = trim(rest.substr(1, end - 1));
            (is_level(inner) ? out.level : out.thread) = inner;
            rest.remove_prefix(end + 1);
            continue;
        }
        auto after = rest;
        const auto word = take_until(after, ' ');
        if (is_level(word) && out.level.empty())
            out.level = word;
        else if (parse_number<std::int64_t>(word))
            out.pid = word;
        else if (word != "---")
            break;
        rest = after;
    }
    if (out.level.empty()) return std::nullopt;
    const auto dash = rest.substr(0, 256).find(" - ");
    const auto colon = rest.substr(0, 256).find(" : ");
    const auto end = std::min(dash, colon);
    if (end != std::string_view::npos && trim(rest.substr(0, end)).find(' ') == rest.npos) {
        out.logger = trim(rest.substr(0, end));
        rest.remove_prefix(end + 3);
    }
    out.message = rest;
    return out;
}

bool begins_line(std::string_view line) {
    auto rest = line;
    return take_time(rest, {}) && split(rest);
}

bool read_text(std::string_view record, const ParseContext& context, Event& out) {
    const auto time = take_time(record, context);
    auto trace = record;
    const auto first = take_until(trace, '\n');
    const auto line = time ? split(first) : std::nullopt;
    if (!line) return false;
    out.time = *time;
    out.set(Field::log_level, line->level);
    set_once(Field::process_thread_name, line->thread, out);
    set_once(Field::log_logger, line->logger, out);
    if (const auto pid = parse_number<std::int64_t>(line->pid)) out.set(Field::process_pid, *pid);
    out.set(Field::message, line->message);
    if (trace.empty()) return true;
    out.set(Field::error_stack_trace, trace);
    set_exception(trace, out);
    return true;
}

class LogbackFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        if (line.starts_with('{'))
            return json_.read(line, context, out) ? ParseResult::parsed : ParseResult::unparsed;
        if (!read_text(line, context, out)) return ParseResult::unparsed;
        set_application("jvm", line, out);
        return ParseResult::parsed;
    }
    /// What does not begin with a time and a level goes on with the line before.
    Fit fit(std::string_view line) override {
        if (line.starts_with("{\"")) return Fit::alone;
        return begins_line(line) ? Fit::begins : Fit::continues;
    }
    LogSource logsource() const override { return {"application", "jvm", {}}; }
    std::string_view name() const override { return "logback"; }

  private:
    ApplicationJson json_{kPreset};
};

}  // namespace

bool is_logback(std::string_view line) {
    const auto has = [&](std::string_view key) { return line.find(key) != std::string_view::npos; };
    if (line.starts_with('{'))
        return has("\"level\":\"") && (has("\"logger_name\":\"") || has("\"loggerName\":\""));
    auto rest = line;
    if (!take_time(rest, {})) return false;
    const auto text = split(rest);
    return text && !text->logger.empty() && (!text->thread.empty() || !text->pid.empty());
}

std::unique_ptr<Format> make_logback(const FormatOptions&) {
    return std::make_unique<LogbackFormat>();
}

}  // namespace kentongan::log
