#pragma once
// One HTTP request and the head of its response, as seen on the wire.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kentongan::packet {

/// Texts are the bytes as sent; empty where absent. Everything is bounded by HttpConfig.
struct HttpExchange {
    std::uint64_t packet = 0;  ///< number of the packet that began the request
    std::string method;
    std::string target;  ///< the request line's second word
    std::string host;    ///< of the Host header or the target, without port
    std::string version;
    std::string user_agent;
    std::string referrer;
    std::string mime_type;
    std::string head;             ///< request line and header lines, at most kHeadBytes
    std::string body;             ///< its beginning
    std::int64_t body_bytes = 0;  ///< its length as seen, even where `body` is cut
    bool request_complete = false;
    std::optional<int> status;
    std::string response_mime_type;
    std::optional<std::int64_t> response_bytes;  ///< Content-Length of the response

    static constexpr std::size_t kHeadBytes = 16384;
};

/// Path and query of a request target in origin or absolute form (RFC 9112, section 3.2).
struct TargetParts {
    std::string_view path;
    std::string_view query;
};
[[nodiscard]] TargetParts split_target(std::string_view target);

/// Whether a client's first bytes are an HTTP/1 request; nothing while too few of them are there.
/// Answers within the first 40 bytes.
[[nodiscard]] std::optional<bool> begins_request(std::string_view bytes);

}  // namespace kentongan::packet
