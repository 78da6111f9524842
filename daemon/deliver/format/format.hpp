#pragma once
// Every form a message can take on the wire, by name, and the one door to all of them.
#include <optional>

#include "daemon/alert/redact.hpp"
#include "daemon/deliver/format/message.hpp"

namespace kentongan {

enum class BodyFormat { kentongan, ecs, ocsf, cef, eve, stix, alertmanager, syslog, mail, custom };
[[nodiscard]] std::string_view name_of(BodyFormat format);
[[nodiscard]] std::optional<BodyFormat> parse_body_format(std::string_view name);
/// The media type of a webhook that carries it.
[[nodiscard]] std::string_view media_type(BodyFormat format);

/// Largest body of a syslog message with its header: what receivers should take (RFC 5425 §4.3.1).
inline constexpr std::size_t kMaximumSyslog = 8192;

/// The body of a message; what is too long leaves things out as outbound_body() does.
[[nodiscard]] std::string render(BodyFormat format, const Message& message);

/// A syslog message around a body in another form (cef, ecs, ocsf), or around text for `syslog`.
[[nodiscard]] std::string render_syslog(BodyFormat inner, const Message& message);

// One a file. None of them caps its length.
[[nodiscard]] boost::json::object to_ecs(const Message& message);
[[nodiscard]] boost::json::object to_ocsf(const Message& message);
[[nodiscard]] boost::json::object to_eve(const Message& message);
[[nodiscard]] boost::json::object to_stix(const Message& message);
/// An alert fires so long after its last finding, until told otherwise.
inline constexpr std::chrono::hours kAlertmanagerFiring{1};
[[nodiscard]] boost::json::array to_alertmanager(const Message& message);
[[nodiscard]] std::string to_cef(const Message& message);
/// The header and structured data of RFC 5424, up to the blank before MSG.
[[nodiscard]] std::string syslog_header(const Message& message);
[[nodiscard]] std::string to_mail(const Message& message);
/// `text` of the settings with {{path}} replaced by the alert's values. What stands inside a JSON
/// string is escaped for it; {{html:path}} and {{markdown:path}} escape for Telegram's HTML and
/// MarkdownV2 first, {{url:path}} for a URL.
[[nodiscard]] std::string to_custom(const Message& message);

/// Whether the form has a place for figures; those made for alerts only have none.
[[nodiscard]] bool carries_figures(BodyFormat format, bool in_syslog);
/// Figures (Figures::of) in the same form, type figures.daily; empty where it has no place.
[[nodiscard]] std::string render_figures(BodyFormat format, bool in_syslog,
                                         const boost::json::object& figures, bool exercise,
                                         const FormatSettings& settings);
/// Names and values of JSON as lines, indented by depth.
[[nodiscard]] std::string outline(const boost::json::value& value, std::size_t depth = 0);

/// A sign of life in the same form; empty where the form has none (STIX, mail).
[[nodiscard]] std::string render_heartbeat(BodyFormat format, bool in_syslog,
                                           std::string_view timestamp, bool exercise,
                                           const FormatSettings& settings);

}  // namespace kentongan
