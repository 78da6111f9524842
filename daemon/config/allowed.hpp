#pragma once
// What a setting may hold, declared beside it in config.hpp; the check and the reference page both
// read it from there.
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan {

struct Allowed {
    enum class Form {
        anything,
        range,
        words,
        utc_offset,
        instant,
        webhook_url,
        server_url,
        listen_address,
        network,
        file
    };
    Form form = Form::anything;
    double minimum = 0;  ///< of a range, inclusive
    double maximum = 0;
    std::vector<std::string_view> words{};
    bool required = false;  ///< an empty text is refused
};

[[nodiscard]] inline Allowed within(double minimum, double maximum) {
    return {.form = Allowed::Form::range, .minimum = minimum, .maximum = maximum};
}
[[nodiscard]] inline Allowed one_of(std::initializer_list<std::string_view> words) {
    return {.form = Allowed::Form::words, .words = words};
}
[[nodiscard]] inline Allowed required() { return {.required = true}; }
/// Z, +07:00 or -0330.
[[nodiscard]] inline Allowed utc_offset() { return {.form = Allowed::Form::utc_offset}; }
/// RFC 3339 with its zone, such as 2024-11-27T13:00:00+07:00; or empty.
[[nodiscard]] inline Allowed instant() { return {.form = Allowed::Form::instant}; }
/// https to anywhere, http to loopback only.
[[nodiscard]] inline Allowed webhook_url() {
    return {.form = Allowed::Form::webhook_url, .required = true};
}
/// The same, or empty.
[[nodiscard]] inline Allowed server_url() { return {.form = Allowed::Form::server_url}; }
/// A literal address and a port: 127.0.0.1:8470, [::1]:8470; or empty.
[[nodiscard]] inline Allowed listen_address() { return {.form = Allowed::Form::listen_address}; }
/// A network such as 203.0.113.0/24, host bits zero.
[[nodiscard]] inline Allowed network() { return {.form = Allowed::Form::network}; }
/// A file this process can read; or empty.
[[nodiscard]] inline Allowed readable_file() { return {.form = Allowed::Form::file}; }

/// For people: "0 to 64", "begin or end"; empty when everything is allowed.
[[nodiscard]] std::string describe(const Allowed& allowed);

/// Why the value is refused; nothing when it is allowed. Does not open files.
[[nodiscard]] std::optional<std::string> refusal(double value, const Allowed& allowed);
[[nodiscard]] std::optional<std::string> refusal(std::string_view text, const Allowed& allowed);

/// Whether the host part of "address:port" is a loopback address.
[[nodiscard]] bool is_loopback_address(std::string_view listen);

}  // namespace kentongan
