// libpsl knows where a registry ends; nothing here does.
#include "daemon/detect/anomaly/dns/domain_name.hpp"

#include <libpsl.h>

#include <algorithm>

namespace kentongan::anomaly {

namespace {
constexpr std::size_t kLongest = 253;  // RFC 1035, section 2.3.4
}

DomainName domain_name(std::string_view name) {
    DomainName out;
    if (!name.empty() && name.back() == '.') name.remove_suffix(1);
    if (name.empty() || name.size() > kLongest || name.find('\0') != std::string_view::npos)
        return out;
    out.whole = name;
    std::ranges::transform(out.whole, out.whole.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const char* found = psl_registrable_domain(psl_builtin(), out.whole.c_str());
    if (found == nullptr) return out;
    out.registrable = found;
    if (out.whole.size() > out.registrable.size())
        out.subdomain = out.whole.substr(0, out.whole.size() - out.registrable.size() - 1);
    return out;
}

bool is_under(std::string_view name, const std::vector<std::string>& domains) {
    return std::ranges::any_of(domains, [&](const std::string& domain) {
        return name == domain || (name.size() > domain.size() && name.ends_with(domain) &&
                                  name[name.size() - domain.size() - 1] == '.');
    });
}

}  // namespace kentongan::anomaly
