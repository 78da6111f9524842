// Addresses of photographs, and what is kept of coverage, from bytes.
#include <cstdint>
#include <cstdlib>

#include "daemon/detect/sirekap/coverage_journal.hpp"
#include "daemon/detect/sirekap/image_address.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    using namespace kentongan::sirekap;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    if (const auto address = parse_image_address(input)) {
        if (!may_be_image_address(input)) std::abort();
        if (!input.contains(address->tps.to_string())) std::abort();
    }
    static const auto kList = std::make_shared<const Register>(
        Register::parse("3171011001001\n3171011001002\n3171011002001\n", "x").value());
    // The last line is a part, what is before it the whole.
    const auto end = input.rfind('\n');
    std::map<std::string, std::string> kept{{"k", std::string(input.substr(0, end))}};
    if (end != std::string_view::npos) kept["k/0"] = input.substr(end + 1);
    Coverage coverage{kList};
    (void)CoverageJournal{}.restore(kept, "k", coverage);
    const AreaCoverage all = coverage.at(Coverage::kWhole);
    if (all.received > all.expected || all.complete > all.received) std::abort();
    return 0;
}
