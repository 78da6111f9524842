// The id of a message.
#include <fmt/format.h>

#include "daemon/base/digest.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

// No dot in it: dots separate the parts of the content that a webhook signs.
std::string message_id(const std::string& alert_id, std::int64_t sequence,
                       const std::string& destination) {
    const std::string where = fmt::format("{} {}", sequence, destination);
    return fmt::format("msg_{}_{}", alert_id, sha256_hex(where).substr(0, 16));
}

}  // namespace kentongan
