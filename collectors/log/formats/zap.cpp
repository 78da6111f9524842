// JSON logs of Go programs: zap, zerolog, slog and logrus, whose keys differ little.
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/application.hpp"
#include "collectors/log/formats/signs.hpp"

namespace kentongan::log {

namespace {

constexpr ApplicationPreset::Row kRows[] = {{"level", Field::log_level},
                                            {"msg", Field::message},
                                            {"message", Field::message},
                                            {"logger", Field::log_logger},
                                            {"caller", Field::log_origin_file_name},
                                            {"func", Field::log_origin_function},
                                            {"function", Field::log_origin_function},
                                            {"file", Field::log_origin_file_name},
                                            {"source.function", Field::log_origin_function},
                                            {"source.file", Field::log_origin_file_name},
                                            {"source.line", Field::log_origin_file_line},
                                            {"error", Field::error_message},
                                            {"err", Field::error_message},
                                            {"stacktrace", Field::error_stack_trace},
                                            {"stack", Field::error_stack_trace},
                                            {"errorVerbose", Field::error_stack_trace},
                                            {"trace_id", Field::trace_id}};
constexpr std::string_view kTimes[] = {"ts", "time", "timestamp"};
constexpr ApplicationPreset kPreset{kRows, kTimes, "go"};

}  // namespace

bool is_zap(std::string_view line) {
    const auto has = [&](std::string_view key) { return line.find(key) != std::string_view::npos; };
    return line.starts_with('{') && has("\"level\":\"") && has("\"msg\":\"") &&
           (has("\"ts\":") || has("\"time\":"));
}

std::unique_ptr<Format> make_zap(const FormatOptions&) { return make_preset("zap", kPreset); }

}  // namespace kentongan::log
