#pragma once
// What kentongan-broker-bridge is asked to do.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan::bridge {

struct Peer {
    std::string name;  ///< as given: HOST:PORT
    std::string host;
    std::uint16_t port = 0;
};

/// "zeek.example:9999", "192.0.2.1:9999", "[2001:db8::1]:9999"; port 1 to 65535.
[[nodiscard]] Result<Peer> parse_peer(std::string_view text);

struct Settings {
    std::vector<Peer> peers;
    std::string socket = "/run/kentongan/zeek.sock";
    std::vector<std::string> topics{"/kentongan/"};
    bool plain = false;
    std::string ca_file;
    std::string certificate_file;
    std::string key_file;
    std::chrono::seconds peering_deadline{10};
    std::chrono::seconds status_interval{5};
    std::size_t queue_bytes = std::size_t{64} << 20;
    /// Set in the processes that the program starts: which of `peers` this one serves.
    std::optional<std::size_t> worker;

    [[nodiscard]] bool mutual_tls() const { return !certificate_file.empty(); }
};

/// Nothing to do (help was printed), the settings, or a usage error.
[[nodiscard]] Result<std::optional<Settings>> parse_command_line(int argc, char** argv);

}  // namespace kentongan::bridge
