// The splitter of multipart bodies, whose parts must lie within the body.
#include "daemon/detect/yara/multipart.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    const auto parts = kentongan::yara::parts_of(body);
    if (parts.parts.size() > 16) std::abort();
    for (const auto& part : parts.parts) {
        if (part.filename.size() > 300) std::abort();
        if (part.content.empty()) continue;
        if (part.content.data() < body.data()) std::abort();
        if (part.content.data() + part.content.size() > body.data() + body.size()) std::abort();
    }
    return 0;
}
