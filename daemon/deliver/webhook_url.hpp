#pragma once
// The address of a webhook, checked: https anywhere, plain http only to this machine itself.
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"

namespace kentongan {

struct WebhookUrl {
    bool tls = true;
    std::string host;  ///< a name or an address, without brackets
    std::uint16_t port = 443;
    std::string target = "/";  ///< path and query

    static Result<WebhookUrl> parse(std::string_view text);
    /// The Host header: the port only when it is not the scheme's own.
    [[nodiscard]] std::string authority() const;
};

}  // namespace kentongan
