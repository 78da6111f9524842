#include "tests/integration/daemon/probe_rules.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace kentongan {

std::string probe_rule(std::string_view id, std::string_view word, std::string_view level) {
    return fmt::format(
        "title: A query with {1}\n"
        "id: {0}\n"
        "status: test\n"
        "author: Kentongan\n"
        "tags:\n    - kentongan.class.attack\n"
        "logsource:\n    category: webserver\n"
        "detection:\n    selection:\n        cs-uri-query|contains: '{1}='\n"
        "    condition: selection\n"
        "level: {2}\n",
        id, word, level);
}

std::string access_line(std::string_view ip, std::string_view query) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return fmt::format(
        "{} - - [{:%d/%b/%Y:%H:%M:%S} +0000] \"GET /cari?{} HTTP/1.1\" 200 512 \"-\" "
        "\"Mozilla/5.0\"\n",
        ip, fmt::gmtime(now), query);
}

}  // namespace kentongan
