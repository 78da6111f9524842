#pragma once
// Splits a name that was asked for into what somebody registered and what stands before it.
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::anomaly {

struct DomainName {
    std::string whole;        ///< lower case, no final dot, at most 253 bytes
    std::string registrable;  ///< kpu.go.id; empty for a public suffix or a single label
    std::string subdomain;    ///< what stands before it, without the dot
};

/// By the Public Suffix List that libpsl was built with (Debian's libpsl5), so that one release
/// gives one result. A name longer than DNS allows gives empty parts.
[[nodiscard]] DomainName domain_name(std::string_view name);

/// Whether `name` is one of `domains` or below one. Lower case on both sides.
[[nodiscard]] bool is_under(std::string_view name, const std::vector<std::string>& domains);

}  // namespace kentongan::anomaly
