#pragma once
// How a line shows to be of a format: cheap tests for `auto`, each beside its format's parser.
#include <boost/json/fwd.hpp>
#include <string_view>

namespace kentongan::log {

/// An access log's text line (access.cpp).
[[nodiscard]] bool is_access(std::string_view line);
/// A request as a web server writes it into JSON (access_json.cpp).
[[nodiscard]] bool is_access_object(const boost::json::object& object);
/// Lines of error logs (web_error.cpp).
[[nodiscard]] bool is_nginx_error(std::string_view line);
[[nodiscard]] bool is_apache_error(std::string_view line);
/// A record of the audit log (audit_record.cpp).
[[nodiscard]] bool is_audit(std::string_view line);
/// A line of a container runtime's log (container_line.cpp).
[[nodiscard]] bool is_container(std::string_view line);
/// CEF or LEEF, alone or behind a syslog header (cef.cpp).
[[nodiscard]] bool is_cef(std::string_view line);
/// A syslog header in front (syslog_header.cpp).
[[nodiscard]] bool is_syslog(std::string_view line);

}  // namespace kentongan::log
