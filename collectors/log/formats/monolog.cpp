// Monolog, the log of Symfony, Laravel and most of PHP: JsonFormatter's objects, and
// LineFormatter's
// "[time] channel.LEVEL: message {context} {extra}" with traces over many lines.
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/application.hpp"
#include "collectors/log/formats/database.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "collectors/log/formats/zone_name.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr ApplicationPreset::Row kRows[] = {{"message", Field::message},
                                            {"level_name", Field::log_level},
                                            {"channel", Field::log_logger},
                                            {"context.exception.class", Field::error_type},
                                            {"context.exception.message", Field::error_message},
                                            {"context.exception.file", Field::log_origin_file_name},
                                            {"context.exception.trace", Field::error_stack_trace},
                                            {"context.exception", Field::error_stack_trace},
                                            {"extra.file", Field::log_origin_file_name},
                                            {"extra.line", Field::log_origin_file_line},
                                            {"extra.ip", Field::source_ip},
                                            {"extra.url", Field::url_original},
                                            {"extra.http_method", Field::http_request_method}};
constexpr std::string_view kTimes[] = {"datetime", "datetime.date"};
constexpr ApplicationPreset kPreset{kRows, kTimes, "php"};

constexpr std::string_view kLevels[] = {"DEBUG", "INFO",     "NOTICE", "WARNING",
                                        "ERROR", "CRITICAL", "ALERT",  "EMERGENCY"};

bool begins_line(std::string_view line) {
    return line.size() > 22 && line[0] == '[' && digits_at<4>(line, 1) > 0 && line[5] == '-' &&
           line.substr(0, 64).find("] ") != std::string_view::npos;
}

bool is_level(std::string_view name) {
    for (const auto level : kLevels)
        if (level == name) return true;
    return false;
}

/// "[object] (RuntimeException(code: 0): text at /srv/a.php:12)".
void read_object(std::string_view text, Event& out) {
    const auto at = text.find("[object] (");
    if (at == std::string_view::npos) return;
    text.remove_prefix(at + 10);
    const auto code = text.substr(0, 256).find("(code: ");
    if (code == std::string_view::npos) return;
    set_once(Field::error_type, text.substr(0, code), out);
    const auto line = text.substr(0, std::min(text.find('\n'), text.size()));
    const auto colon = line.find("): ");
    const auto place = line.rfind(" at ");
    if (colon == std::string_view::npos || place == std::string_view::npos || place < colon) return;
    set_once(Field::error_message, line.substr(colon + 3, place - colon - 3), out);
    set_origin(line.substr(place + 4, line.find(')', place) - place - 4), out);
}

/// The message ends where the context begins; one that looks like a context is cut short there.
std::string_view message_of(std::string_view rest) {
    const auto line = rest.substr(0, rest.find('\n'));
    const auto end = std::min(line.find(" {\""), line.find(" []"));
    return line.substr(0, end);
}

bool read_text(std::string_view record, const ParseContext& context, Event& out) {
    if (!begins_line(record)) return false;
    auto rest = record.substr(1);
    const auto time = parse_rfc3339(take_until(rest, ']'), context.zone);
    if (!time || !take(rest, " ")) return false;
    const auto colon = rest.substr(0, 128).find(": ");
    const auto dot = rest.substr(0, std::min(colon, rest.size())).rfind('.');
    if (colon == std::string_view::npos || dot == std::string_view::npos) return false;
    const auto level = rest.substr(dot + 1, colon - dot - 1);
    if (!is_level(level)) return false;
    out.time = *time;
    out.set(Field::log_logger, rest.substr(0, dot));
    out.set(Field::log_level, level);
    rest.remove_prefix(colon + 2);
    out.set(Field::message, message_of(rest));
    read_object(rest, out);
    if (const auto trace = rest.find("[stacktrace]"); trace != std::string_view::npos)
        out.set(Field::error_stack_trace, rest.substr(trace));
    set_application("php", record, out);
    return true;
}

class MonologFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        const bool read =
            line.starts_with('{') ? read_json(line, context, out) : read_text(line, context, out);
        return read ? ParseResult::parsed : ParseResult::unparsed;
    }
    /// What does not begin with a time in brackets goes on with the line before.
    Fit fit(std::string_view line) override {
        if (line.starts_with("{\"")) return Fit::alone;
        return begins_line(line) ? Fit::begins : Fit::continues;
    }
    LogSource logsource() const override { return {"application", "php", {}}; }
    std::string_view name() const override { return "monolog"; }

  private:
    /// Monolog 1 gives the zone beside the date.
    bool read_json(std::string_view line, ParseContext& context, Event& out) {
        static const Field kZone = intern_field("datetime.timezone").value_or(Field::message);
        if (!json_.read(line, context, out)) return false;
        if (const auto zone = zone_named(out.text(kZone)); zone && out.has(kZone))
            out.time += context.zone - *zone;
        return true;
    }

    ApplicationJson json_{kPreset};
};

}  // namespace

bool is_monolog(std::string_view line) {
    const auto has = [&](std::string_view key) { return line.find(key) != std::string_view::npos; };
    if (line.starts_with('{'))
        return has("\"level_name\":\"") && has("\"channel\":\"") && has("\"message\":");
    Event event;
    return begins_line(line) && read_text(line, {}, event);
}

std::unique_ptr<Format> make_monolog(const FormatOptions&) {
    return std::make_unique<MonologFormat>();
}

}  // namespace kentongan::log
