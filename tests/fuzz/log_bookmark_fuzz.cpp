// Bookmarks of log sources: what is read comes back from what is written of it.
#include <cstdlib>
#include <string>

#include "collectors/log/position.hpp"

using namespace kentongan::log;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto files = parse_positions({reinterpret_cast<const char*>(data), size});
    if (!files) return 0;
    for (const FilePosition& file : *files) {
        FilePosition plain = file;
        plain.position.format = "auto";
        plain.position.fingerprint.clear();
        const auto json = R"({"files":[)" + to_json(plain.path, plain.position) + "]}";
        const auto again = parse_positions(json);
        if (!again || again->size() != 1 || again->front() != plain) std::abort();
    }
    return 0;
}
