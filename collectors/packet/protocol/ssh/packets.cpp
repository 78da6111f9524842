#include "collectors/packet/protocol/ssh/packets.hpp"

#include <fmt/format.h>

#include "daemon/base/digest.hpp"
#include "daemon/base/md5.hpp"

namespace kentongan::packet::ssh {

std::optional<KeyExchange> parse_key_exchange(Bytes payload) {
    constexpr std::uint8_t kKexInit = 20;
    ByteReader in(payload);
    if (in.u8() != kKexInit) return std::nullopt;
    in.skip(16);  // the cookie
    const auto list = [&in] { return as_text(in.take(in.u32())); };
    KeyExchange out;
    out.key_exchange = list();
    out.host_keys = list();
    for (auto* pair : {&out.encryption, &out.mac, &out.compression})
        for (auto& one : *pair) one = list();
    return in.ok() ? std::optional(out) : std::nullopt;
}

std::string hassh_text(const KeyExchange& offer, bool of_server) {
    const std::size_t way = of_server ? 1 : 0;
    return fmt::format("{};{};{};{}", offer.key_exchange, offer.encryption[way], offer.mac[way],
                       offer.compression[way]);
}

std::string hassh(const KeyExchange& offer, bool of_server) {
    return to_hex(md5(hassh_text(offer, of_server)));
}

}  // namespace kentongan::packet::ssh
