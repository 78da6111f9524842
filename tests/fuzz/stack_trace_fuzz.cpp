// Hostile lines through the recognition of stack traces and of formats by one line.
#include "collectors/log/formats/csv.hpp"
#include "collectors/log/formats/signs.hpp"
#include "collectors/log/formats/stack_trace.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan::log;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    StackTraceLines lines;
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        (void)lines.fit(line);
        (void)quote_open_after(line, true);
        (void)quote_open_after(line, false);
        for (const auto looks_like : {is_eve, is_kubernetes, is_zeek_tsv, is_postgresql, is_mysql,
                                      is_monolog, is_logback, is_zap, is_pino, is_python})
            (void)looks_like(line);
    }
    return 0;
}
