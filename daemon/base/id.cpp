#include "daemon/base/id.hpp"

#include <algorithm>

#include "daemon/base/digest.hpp"

namespace kentongan {

std::string content_id(Timestamp time, std::string_view content) {
    constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
    const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(since.count(), 0));
    const Sha256Digest digest = sha256(as_bytes(content));

    std::string out;
    out.reserve(26);
    for (int shift = 45; shift >= 0; shift -= 5) out += kCrockford[(ms >> shift) & 31];
    // 80 bits of the digest, five at a time.
    for (unsigned bit = 0; bit < 80; bit += 5) {
        const unsigned pair = static_cast<unsigned>(digest[bit / 8]) << 8 | digest[bit / 8 + 1];
        out += kCrockford[(pair >> (11 - bit % 8)) & 31];
    }
    return out;
}

}  // namespace kentongan
