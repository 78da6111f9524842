#pragma once
// The files of a drill's stage, by what writes them.
#include <string_view>

namespace kentongan::drill {

inline constexpr std::string_view kApplicationLog = "logs/sirekap.log";
inline constexpr std::string_view kWebLog = "logs/nginx.log";
inline constexpr std::string_view kAuthLog = "logs/auth.log";
inline constexpr std::string_view kAuditLog = "logs/audit.log";
inline constexpr std::string_view kDatabaseLog = "logs/postgresql.csv";
inline constexpr std::string_view kSuricataLog = "logs/eve.json";
inline constexpr std::string_view kZeekLog = "logs/conn.log";
inline constexpr std::string_view kWebRoot = "webroot";
inline constexpr std::string_view kUploads = "upload";
inline constexpr std::string_view kPublished = "published";

}  // namespace kentongan::drill
