#pragma once
// The lines web servers write: access as text and as JSON, and errors. Each reader fills fields,
// kind and time; false means another layout, and `out` may be half filled.
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "collectors/log/formats/access_record.hpp"

namespace kentongan::log {

[[nodiscard]] bool read_access_line(std::string_view line, Event& out);

/// `path` and `uri` are scratch memory, the second alive as long as nothing else is read with it.
[[nodiscard]] bool read_access_object(const boost::json::object& object, ParseContext& context,
                                      std::string& path, std::string& uri, Event& out);

/// "2024/11/27 16:31:05 [error] 812#812: *37 …, client: …, server: …, request: "…", host: "…"".
[[nodiscard]] bool read_nginx_error(std::string_view line, const ParseContext& context, Event& out);
[[nodiscard]] bool begins_nginx_error(std::string_view line);

/// "[Wed Nov 27 16:31:05.123456 2024] [core:error] [pid 8:tid 1] [client 203.0.113.9:40022] …" of
/// Apache 2.4, and 2.2's "[Wed Nov 27 16:31:05 2024] [error] [client 203.0.113.9] …".
[[nodiscard]] bool read_apache_error(std::string_view line, const ParseContext& context,
                                     Event& out);

/// What ModSecurity adds in brackets: rule.id, rule.name, url.domain, url.path.
void set_modsecurity(std::string_view message, Event& out);

}  // namespace kentongan::log
