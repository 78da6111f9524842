// Zeek's logs as JSON. The fields are the Zeek room's business; here the line becomes a record.
#include "collectors/zeek/record.hpp"

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/json_line.hpp"

namespace kentongan::log {

namespace {

/// "conn" of "/logs/conn.09:00:00-10:00:00.log" and of "json_streaming_conn.1.log".
std::string stream_of(std::string_view path) {
    path.remove_prefix(path.rfind('/') + 1);
    if (path.starts_with("json_streaming_")) path.remove_prefix(15);
    return std::string(path.substr(0, path.find('.')));
}

class ZeekFormat final : public Format {
  public:
    explicit ZeekFormat(const FormatOptions& options) : stream_(stream_of(options.path)) {}

    ParseResult parse(std::string_view line, ParseContext&, Event& out) override {
        const auto* record = json_.read(line);
        if (record == nullptr) return ParseResult::unparsed;
        const auto named = text_of(*record, "_path");
        const std::string_view stream = named.empty() ? std::string_view(stream_) : named;
        return zeek::fill_event(*record, stream, out) ? ParseResult::parsed : ParseResult::unparsed;
    }
    LogSource logsource() const override { return {{}, "zeek", {}}; }
    std::string_view name() const override { return "zeek"; }

  private:
    JsonLine json_;
    std::string stream_;
};

}  // namespace

std::unique_ptr<Format> make_zeek(const FormatOptions& options) {
    return std::make_unique<ZeekFormat>(options);
}

}  // namespace kentongan::log
