// JSON logs of Python programs: python-json-logger's names, which are those of the standard
// library's LogRecord, and structlog's.
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/application.hpp"
#include "collectors/log/formats/signs.hpp"

namespace kentongan::log {

namespace {

constexpr ApplicationPreset::Row kRows[] = {{"levelname", Field::log_level},
                                            {"level", Field::log_level},
                                            {"message", Field::message},
                                            {"event", Field::message},
                                            {"name", Field::log_logger},
                                            {"logger", Field::log_logger},
                                            {"pathname", Field::log_origin_file_name},
                                            {"lineno", Field::log_origin_file_line},
                                            {"funcName", Field::log_origin_function},
                                            {"process", Field::process_pid},
                                            {"threadName", Field::process_thread_name},
                                            {"exc_info", Field::error_stack_trace},
                                            {"exception", Field::error_stack_trace}};
constexpr std::string_view kTimes[] = {"timestamp", "asctime", "time"};
constexpr ApplicationPreset kPreset{kRows, kTimes, "python"};

}  // namespace

bool is_python(std::string_view line) {
    const auto has = [&](std::string_view key) { return line.find(key) != std::string_view::npos; };
    return line.starts_with('{') && has("\"levelname\":") && has("\"message\":");
}

std::unique_ptr<Format> make_python(const FormatOptions&) { return make_preset("python", kPreset); }

}  // namespace kentongan::log
