// JSON logs of Node programs: pino, bunyan and winston.
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/application.hpp"
#include "collectors/log/formats/signs.hpp"

namespace kentongan::log {

namespace {

constexpr ApplicationPreset::Row kRows[] = {{"level", Field::log_level},
                                            {"msg", Field::message},
                                            {"message", Field::message},
                                            {"name", Field::log_logger},
                                            {"label", Field::log_logger},
                                            {"pid", Field::process_pid},
                                            {"hostname", Field::host_hostname},
                                            {"stack", Field::error_stack_trace},
                                            {"err.type", Field::error_type},
                                            {"err.name", Field::error_type},
                                            {"err.message", Field::error_message},
                                            {"err.stack", Field::error_stack_trace},
                                            {"err.code", Field::error_code},
                                            {"req.method", Field::http_request_method},
                                            {"req.url", Field::url_original},
                                            {"req.remoteAddress", Field::source_ip},
                                            {"res.statusCode", Field::http_response_status_code}};
constexpr std::string_view kTimes[] = {"time", "timestamp"};
constexpr ApplicationPreset kPreset{kRows, kTimes, "nodejs"};

}  // namespace

bool is_pino(std::string_view line) {
    const auto has = [&](std::string_view key) { return line.find(key) != std::string_view::npos; };
    return line.starts_with('{') && has("\"level\":") && has("\"pid\":") &&
           has("\"hostname\":\"") && has("\"time\":");
}

std::unique_ptr<Format> make_pino(const FormatOptions&) { return make_preset("pino", kPreset); }

}  // namespace kentongan::log
