// The collector's way from lines to events, without files and pauses.
#include "collectors/log/read_text.hpp"

#include <algorithm>

#include "collectors/log/format.hpp"
#include "collectors/log/record_joiner.hpp"

namespace kentongan::log {

namespace {
constexpr std::size_t kRecordBytes = 65'536;
constexpr std::size_t kRecordLines = 256;
}  // namespace

Result<std::vector<Event>> read_text(std::string_view format, std::string_view text,
                                     std::string_view source, Timestamp reference) {
    FormatOptions options;
    options.path = source;
    const auto made = make_format(format, options);
    if (!made) return std::unexpected(made.error());
    ParseContext context;
    context.reference = reference;
    context.source = intern_text(source);
    std::vector<Event> out;
    Event event;
    const auto keep = [&](std::uint64_t offset) {
        event.origin = {context.source, offset + context.event_offset};
        for (unsigned i = 0; i < context.repeat; ++i) out.push_back(event);
    };
    const RecordJoiner::Emit read = [&](const LineSplitter::Line& record) {
        if (read_line(**made, record.text, context, event) == ParseResult::blank) return;
        keep(record.offset);
        while (read_another(**made, context, event)) keep(record.offset);
    };
    RecordJoiner joiner{kRecordBytes, kRecordLines};
    for (std::size_t at = 0; at < text.size();) {
        const auto line = text.substr(at, text.find('\n', at) - at);
        joiner.take({line, at, false}, (*made)->fit(line), read);
        at += line.size() + 1;
    }
    joiner.finish(read);
    return out;
}

}  // namespace kentongan::log
