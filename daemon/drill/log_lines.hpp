#pragma once
// Lines of the logs of a result server, as the programs write them.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::drill {

/// A call of the Sirekap application's log.
struct AppCall {
    std::string event;  ///< "auth.login"
    std::string account;
    std::string route;
    int status = 200;
    std::string ip = "10.31.1.20";
    std::string device{};
    std::string tps{};
    std::string more{};  ///< further members: `"role":"ppk","scope":"317101"`
};
[[nodiscard]] std::string app_line(Timestamp time, const AppCall& call);

/// nginx's combined format.
struct WebRequest {
    std::string ip;
    std::string method = "GET";
    std::string uri = "/";
    int status = 200;
    std::int64_t bytes = 4120;
    std::string agent =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0";
    std::string referrer = "https://pilkada2024.kpu.go.id/";
};
[[nodiscard]] std::string web_line(Timestamp time, const WebRequest& request);

/// "Nov 27 19:04:05 hasil-01 sshd[812]: …".
[[nodiscard]] std::string syslog_line(Timestamp time, std::string_view process,
                                      std::string_view text);

/// The records of one program started, as auditd with log_format = ENRICHED writes them.
struct Execution {
    std::string exe;
    std::vector<std::string> arguments;
    std::string folder = "/root";
    std::string parent = "/usr/bin/bash";  ///< for the reader only
    int uid = 0;
    std::string_view user = "root";
};
[[nodiscard]] std::string audit_lines(Timestamp time, std::uint64_t serial, const Execution& run);

/// A statement as pgaudit logs it, in PostgreSQL's csvlog.
struct Statement {
    std::string user;
    std::string address;
    std::string application;
    std::string group;    ///< "WRITE"
    std::string command;  ///< "UPDATE"
    std::string table;    ///< "public.hasil_tps"
    std::string text;
    std::string rows{};  ///< pgaudit.log_rows; empty: not logged
};
[[nodiscard]] std::string database_line(Timestamp time, const Statement& statement,
                                        std::uint64_t serial);

/// Suricata's alert in EVE.
[[nodiscard]] std::string suricata_line(Timestamp time, std::string_view source,
                                        std::string_view destination, std::uint64_t sid,
                                        std::string_view signature, int severity);

}  // namespace kentongan::drill
