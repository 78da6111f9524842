#include "collectors/packet/protocol/smtp/authentication.hpp"

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::packet::smtp {

namespace {

constexpr std::size_t kLongestLine = 2048;

/// authorize-id NUL authenticate-id NUL password (RFC 4616).
std::string user_of_plain(std::string_view decoded) {
    (void)take_until(decoded, '\0');
    return std::string(take_until(decoded, '\0').substr(0, Authentication::kLongestUser));
}

}  // namespace

void Authentication::begin(std::string_view command) {
    user_.clear();
    const std::string_view mechanism = take_until(command, ' ');
    awaits_ = equals_ignoring_case(mechanism, "PLAIN")   ? Awaits::plain
              : equals_ignoring_case(mechanism, "LOGIN") ? Awaits::login
                                                         : Awaits::nothing;
    command = trim(command);
    if (!command.empty() && command != "=") line(command);
}

void Authentication::line(std::string_view text) {
    const Awaits awaited = awaits_;
    awaits_ = Awaits::nothing;  // LOGIN's second line is the password
    if (awaited == Awaits::nothing || text.size() > kLongestLine) return;
    const std::string decoded = from_base64(trim(text));
    user_ = awaited == Awaits::plain ? user_of_plain(decoded) : decoded.substr(0, kLongestUser);
}

}  // namespace kentongan::packet::smtp
