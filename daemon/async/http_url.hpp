#pragma once
// The address of a server we call, checked: https anywhere, plain http only to this machine itself.
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"

namespace kentongan {

struct HttpUrl {
    bool tls = true;
    std::string host;  ///< a name or an address, without brackets
    std::uint16_t port = 443;
    std::string target = "/";  ///< path and query

    /// `what` it is the address of, for the error (config).
    [[nodiscard]] static Result<HttpUrl> parse(std::string_view text,
                                               std::string_view what = "url");
    /// The Host header: the port only when it is not the scheme's own.
    [[nodiscard]] std::string authority() const;
};

}  // namespace kentongan
