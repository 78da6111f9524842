// Syslog lines, RFC 3164 and RFC 5424. What the message says is read by its tag.
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/cef.hpp"
#include "collectors/log/formats/messages.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

std::string_view base_name(std::string_view tag) {
    return tag.starts_with('/') ? tag.substr(tag.rfind('/') + 1) : tag;
}

void set_header(const SyslogHeader& header, Event& out) {
    if (header.time) out.time = *header.time;
    if (header.priority) out.set(Field::log_syslog_priority, *header.priority);
    if (!header.host.empty()) out.set(Field::host_hostname, header.host);
    if (!header.msgid.empty()) out.set(Field::log_syslog_msgid, header.msgid);
    if (!header.data.empty()) out.set(Field::log_syslog_structured_data, header.data);
}

class SyslogFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        SyslogHeader header;
        if (!take_syslog_headers(line, context, header)) return ParseResult::unparsed;
        set_header(header, out);
        const auto cef = cef_text(header, line);  // of a device, so no message of Linux
        if (!cef.empty() && cef_.read(cef, context, out)) return ParseResult::parsed;
        messages_.read({base_name(header.tag), header.pid, line}, context, out);
        return ParseResult::parsed;
    }
    LogSource logsource() const override { return {{}, "linux", "syslog"}; }
    std::string_view name() const override { return "syslog"; }

  private:
    ProgramMessages messages_;
    CefReader cef_;
};

}  // namespace

std::unique_ptr<Format> make_syslog(const FormatOptions&) {
    return std::make_unique<SyslogFormat>();
}

}  // namespace kentongan::log
