#pragma once
// What SSH sends in the clear: the banner and the offers of algorithms (RFC 4253), as structs.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet::ssh {

/// SSH_MSG_KEXINIT: ten lists of names, in the order of RFC 4253, section 7.1. Views.
struct KeyExchange {
    std::string_view key_exchange;
    std::string_view host_keys;
    std::array<std::string_view, 2> encryption;  ///< client to server, then server to client
    std::array<std::string_view, 2> mac;
    std::array<std::string_view, 2> compression;
};
/// `payload` begins with the message's number, 20.
[[nodiscard]] std::optional<KeyExchange> parse_key_exchange(Bytes payload);

/// HASSH of a client, HASSHServer of a server: the MD5 of "kex;encryption;mac;compression" as it
/// offers them for what it sends itself (github.com/salesforce/hassh).
[[nodiscard]] std::string hassh_text(const KeyExchange& offer, bool of_server);
[[nodiscard]] std::string hassh(const KeyExchange& offer, bool of_server);

}  // namespace kentongan::packet::ssh
