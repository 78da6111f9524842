// The status a TAXII server answers; its id becomes part of a request.
#include <cstdlib>
#include <string_view>

#include "daemon/deliver/net/taxii_status.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    const auto status = parse_taxii_status(body);
    if (status && !status->complete && status->id.find_first_of("/?# \r\n") != std::string::npos)
        std::abort();
    if (status && status->failure.size() > 300) std::abort();
    (void)taxii_root(body);
    return 0;
}
