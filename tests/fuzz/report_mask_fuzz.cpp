// What people write: masking twice is masking once, and leaves no identity number behind.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/report/mask.hpp"
#include "daemon/alert/redact.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto once = report::mask_personal(text);
    if (once.identities + once.phones + once.mails == 0 && once.text != text) std::abort();
    for (std::string_view rest = once.text; !rest.empty();) {
        const auto begin = rest.find_first_of("0123456789");
        if (begin == std::string_view::npos) break;
        rest.remove_prefix(begin);
        const auto run = rest.substr(0, rest.find_first_not_of("0123456789"));
        if (looks_like_nik(run)) std::abort();
        rest.remove_prefix(run.size());
    }
    return 0;
}
