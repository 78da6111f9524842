// Syslog messages, RFC 5424: facility local0, one element of structured data.
#include <array>

#include "daemon/base/text.hpp"
#include "daemon/deliver/format/format.hpp"

namespace kentongan {

namespace {

constexpr int kLocal0 = 16;

/// SD-PARAM values: UTF-8 with ", \ and ] escaped; line ends would end the message elsewhere.
std::string parameter(std::string_view text) {
    std::string out;
    for (const char c : printable_utf8(text, 256)) {
        if (c == '"' || c == '\\' || c == ']') out.push_back('\\');
        out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
    }
    return out;
}

/// HOSTNAME is printable ASCII without blanks, at most 255.
std::string host(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 255)) out.push_back(c > 0x20 && c < 0x7F ? c : '_');
    return out.empty() ? "-" : out;
}

}  // namespace

std::string syslog_header(const Message& message) {
    constexpr std::array kSeverity{6, 5, 4, 3, 2};
    const auto& alert = message.alert;
    return fmt::format(
        "<{}>1 {} {} kentongand - ALERT [alert@32473 id=\"{}\" rule=\"{}\" sev=\"{}\" tlp=\"{}\" "
        "ex=\"{}\" type=\"{}\"]",
        kLocal0 * 8 + kSeverity[level_of(alert)], text_at(alert, "@timestamp"),
        host(message.settings.hostname), parameter(text_at(alert, "event.id")),
        parameter(text_at(alert, "rule.id")), parameter(text_at(alert, "labels.severity")),
        parameter(text_at(alert, "labels.tlp")), is_exercise(alert) ? 1 : 0,
        parameter(message.type));
}

}  // namespace kentongan
