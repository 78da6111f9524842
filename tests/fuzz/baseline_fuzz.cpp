// The baseline file's reader, on any bytes and on bytes sealed with the right SHA-256.
#include "collectors/integrity/baseline.hpp"

#include <cstdlib>
#include <string>

using namespace kentongan;
using namespace kentongan::integrity;

namespace {

/// What is read can be applied, and comes back the same when it is written.
void check(Bytes bytes) {
    auto stored = decode_baseline(bytes);
    if (!stored) return;
    if (stored->intact_bytes > bytes.size()) std::abort();
    std::string again;
    const Writer write = [&](std::string_view piece) -> Result<> {
        again += piece;
        return {};
    };
    if (!encode_snapshot(stored->snapshot, write)) std::abort();
    if (again != as_text(bytes.first(stored->snapshot_bytes))) std::abort();
    for (Delta& delta : stored->deltas) apply(delta, stored->snapshot);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes{data, size};
    check(bytes);
    Sha256 seal;
    seal.update(Bytes{Sha256Digest{}});
    seal.update(bytes);
    std::string sealed{as_text(bytes)};
    sealed += as_text(seal.finish());
    check(as_bytes(sealed));
    return 0;
}
