#include "daemon/deliver/delivery_channel.hpp"

#include "daemon/base/digest.hpp"

namespace kentongan {

// No dot in it: dots separate the parts of the signed content.
std::string message_id(const Delivery& message) {
    const std::string where = fmt::format("{} {}", message.sequence, message.destination);
    return fmt::format("msg_{}_{}", message.alert_id, sha256_hex(where).substr(0, 16));
}

}  // namespace kentongan
