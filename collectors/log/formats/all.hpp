#pragma once
// The makers of every format, for the registry alone.
#include "collectors/log/format.hpp"

namespace kentongan::log {

[[nodiscard]] std::unique_ptr<Format> make_auto(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_syslog(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_journal(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_audit(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_cef(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_container(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_nginx(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_apache(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_json(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_sirekap(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_zeek(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_reports(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_events(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_postgresql(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_mysql(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_monolog(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_logback(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_zap(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_pino(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_python(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_kubernetes(const FormatOptions& options);
[[nodiscard]] std::unique_ptr<Format> make_eve(const FormatOptions& options);

}  // namespace kentongan::log
