// Lines of the journal of reports, as a replay reads them.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/report/journal.hpp"
#include "collectors/report/report.hpp"
#include "daemon/base/text.hpp"
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    while (!rest.empty()) {
        const auto line = take_until(rest, '\n');
        const auto entry = report::read_entry(line);
        if (!entry || entry->sequence == 0) continue;
        if (report::report_line(entry->sequence, entry->key, entry->report).size() >
            line.size() + 1)
            std::abort();
    }
    log::read_lines("reports", data, size);
    return 0;
}
