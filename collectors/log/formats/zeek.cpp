// Zeek's logs, as JSON or in columns (zeek_tsv.hpp). The fields are the Zeek room's business; here
// the line becomes a record.
#include "collectors/zeek/record_reader.hpp"

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/signs.hpp"
#include "collectors/log/formats/zeek_tsv.hpp"

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
    explicit ZeekFormat(const FormatOptions& options)
        : stream_(stream_of(options.path)), columns_(stream_) {}

    /// Header lines are no events. What columns there are changes with the header, as it must.
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        if (line.starts_with('#')) {
            columns_.read_header(line);
            return ParseResult::blank;
        }
        if (!line.starts_with('{'))
            return columns_.read(line, out) ? ParseResult::parsed : ParseResult::unparsed;
        if (!records_.read(line, stream_, out)) return ParseResult::unparsed;
        // FTP and HTTP records may hold passwords: the raw record is then kept without them.
        if (records_.held_secret()) out.set_raw(zeek::without_secrets(line));
        context.left_out += records_.left_out();
        return ParseResult::parsed;
    }
    void begin(std::string_view head) override { columns_.read_head(head); }
    LogSource logsource() const override { return {{}, "zeek", {}}; }
    std::string_view name() const override { return "zeek"; }

  private:
    zeek::RecordReader records_;
    std::string stream_;
    ZeekTsv columns_;
};

}  // namespace

bool is_zeek_tsv(std::string_view line) {
    return line.starts_with("#separator ") || line.starts_with("#fields\tts\t");
}

std::unique_ptr<Format> make_zeek(const FormatOptions& options) {
    return std::make_unique<ZeekFormat>(options);
}

}  // namespace kentongan::log
