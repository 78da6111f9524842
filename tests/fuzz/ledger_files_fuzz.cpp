// Paths of tiles, tiles, bundles, archives and packages.
#include <cstdint>
#include <cstdlib>

#include "daemon/ledger/package.hpp"
#include "daemon/ledger/seals.hpp"
#include "daemon/ledger/tiles.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const std::string_view bytes = as_text({data, size});
    if (const auto name = ledger::parse_tile_path(bytes); name && name->path() != bytes)
        std::abort();
    if (size > 0) {
        const unsigned width = 1 + data[0];
        (void)ledger::parse_tile(bytes.substr(1), width);
        if (const auto entries = ledger::parse_bundle(bytes.substr(1), width)) {
            std::string again;
            for (const auto entry : *entries) ledger::append_to_bundle(again, entry);
            if (again != bytes.substr(1)) std::abort();
        }
    }
    if (const auto files = ledger::read_archive(bytes);
        files && *ledger::write_archive(*files) != bytes)
        std::abort();
    if (ledger::check_package(bytes, {}).problems.empty()) std::abort();
    (void)ledger::alerts_in(bytes);
    ledger::Seals seals;
    seals.read(0, bytes);
    return 0;
}
