#pragma once
// ArcSight's Common Event Format and IBM's Log Event Extended Format: what security devices send,
// alone or behind a syslog header. Sources: "Implementing ArcSight Common Event Format", version
// 26; "QRadar LEEF 2.0 format guide".
#include <string>
#include <string_view>

#include "collectors/log/formats/syslog_header.hpp"

namespace kentongan::log {

/// What `rest` holds behind a syslog header when that is CEF or LEEF, from its first letter on:
/// "CEF:" right behind a host looks like a tag. Empty for anything else.
[[nodiscard]] std::string_view cef_text(const SyslogHeader& header, std::string_view rest);

/// Reads `CEF:0|vendor|product|version|id|name|severity|k=v …` and `LEEF:1.0|vendor|product|
/// version|id|k=v<tab>…` (2.0 may name its delimiter). One per input: keeps scratch memory.
class CefReader {
  public:
    /// True when `text` begins so; then fields and, where it states one, the time are set.
    [[nodiscard]] bool read(std::string_view text, ParseContext& context, Event& out);

  private:
    void set_pair(std::string_view key, std::string_view value, ParseContext& context, Event& out);
    void read_extension(std::string_view rest, ParseContext& context, Event& out);
    void read_attributes(std::string_view rest, char delimiter, ParseContext& context, Event& out);
    static void set_native(std::string_view key, std::string_view value, ParseContext& context,
                           Event& out);
    void set_labelled(std::string_view rest, std::string_view key, std::string_view value,
                      ParseContext& context, Event& out);
    [[nodiscard]] std::string_view unescape(std::string_view text);

    std::string scratch_;
    std::string name_;
};

}  // namespace kentongan::log
