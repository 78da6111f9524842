#include "daemon/deliver/delivery_channel.hpp"

namespace kentongan {

std::string message_id(const Delivery& message) {
    return message_id(message.alert_id, message.sequence, message.destination);
}

}  // namespace kentongan
