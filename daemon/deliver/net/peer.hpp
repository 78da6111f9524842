#pragma once
// Peer: the far end of a destination: where it is, how it is reached, and who we are to it.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "daemon/async/dial.hpp"
#include "daemon/async/tls_client.hpp"

namespace kentongan {

/// As settings name it.
struct PeerSettings {
    std::string ca_file{};           ///< PEM; empty: the system's
    std::string certificate_file{};  ///< ours, with its chain; empty: none
    std::string key_file{};
    std::string proxy{};               ///< http://HOST:PORT; empty: straight
    std::vector<std::string> allow{};  ///< networks; empty: see DialPolicy
    std::chrono::milliseconds timeout{20000};
};

/// Errors (config) name the network or the proxy at fault.
[[nodiscard]] Result<DialPolicy> policy_of(const PeerSettings& settings);

/// SCHEME://HOST:PORT of a service that is not HTTP.
struct ServiceAddress {
    std::string scheme{};
    std::string host{};
    std::uint16_t port = 0;

    /// `default_ports` holds a port for each scheme that is allowed. Errors (config).
    [[nodiscard]] static Result<ServiceAddress> parse(
        std::string_view text,
        const std::vector<std::pair<std::string_view, std::uint16_t>>& default_ports);
};

/// The first line of a file that others may not read: a password.
[[nodiscard]] Result<std::string> load_password(const std::string& path);

}  // namespace kentongan
