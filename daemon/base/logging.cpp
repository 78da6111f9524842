#include "daemon/base/logging.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdlib>

#include "daemon/base/text.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::logging {

namespace {

constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 3> kFormats{"text", "logfmt", "json"};
constexpr std::array<std::string_view, 4> kJournalPriorities{"<7>", "<6>", "<4>", "<3>"};

struct Settings {
    Format format = Format::text;
    Level least = Level::info;
    bool journal = false;
};
Settings settings;

spdlog::logger& backend() {
    static const auto logger = [] {
        auto made = std::make_shared<spdlog::logger>(
            "kentongan", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%v");
        made->set_level(spdlog::level::trace);
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *logger;
}

std::string escaped(std::string_view text, bool for_json) {
    std::string out;
    for (const char c : printable_utf8(text)) {
        if (c == '"' || (for_json && c == '\\'))
            out.append("\\").push_back(c);
        else if (c == '\n')
            out += "\\n";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            out.push_back(c);
    }
    return out;
}

bool needs_quotes(std::string_view value) {
    return value.empty() || value.find_first_of(" =\"\n\t") != std::string_view::npos;
}

std::string pair(const Value& value) {
    if (needs_quotes(value.value))
        return fmt::format("{}=\"{}\"", value.key, escaped(value.value, false));
    return fmt::format("{}={}", value.key, escaped(value.value, false));
}

}  // namespace

void set_up(Format format, Level least) {
    settings = {format, least, std::getenv("JOURNAL_STREAM") != nullptr};
}

Result<Format> parse_format(std::string_view name) {
    for (std::size_t i = 0; i < kFormats.size(); ++i)
        if (kFormats[i] == name) return static_cast<Format>(i);
    return fail(ErrorCode::config, "log format {}: use text, logfmt or json", name);
}

Result<Level> parse_level(std::string_view name) {
    for (std::size_t i = 0; i < kLevels.size(); ++i)
        if (kLevels[i] == name) return static_cast<Level>(i);
    return fail(ErrorCode::config, "log level {}: use debug, info, warning or error", name);
}

std::string format_line(Format format, Level level, std::string_view time, std::string_view message,
                        Values values) {
    const auto level_name = kLevels[static_cast<std::size_t>(level)];
    std::string out;
    switch (format) {
        case Format::text:
            out = fmt::format("{} {:7} {}", time, level_name, escaped(message, false));
            for (const auto& value : values) out += " " + pair(value);
            return out;
        case Format::logfmt:
            out = fmt::format("time={} level={} msg=\"{}\"", time, level_name,
                              escaped(message, false));
            for (const auto& value : values) out += " " + pair(value);
            return out;
        case Format::json:
            out = fmt::format(R"({{"time":"{}","level":"{}","message":"{}")", time, level_name,
                              escaped(message, true));
            for (const auto& value : values)
                out += fmt::format(R"(,"{}":"{}")", escaped(value.key, true),
                                   escaped(value.value, true));
            return out + "}";
    }
    return out;
}

void write(Level level, std::string_view message, Values values) {
    if (level < settings.least) return;
    const auto time = to_rfc3339(std::chrono::system_clock::now());
    const auto prefix = settings.journal ? kJournalPriorities[static_cast<std::size_t>(level)] : "";
    backend().log(spdlog::level::info, "{}{}", prefix,
                  format_line(settings.format, level, time, message, values));
}

}  // namespace kentongan::logging
