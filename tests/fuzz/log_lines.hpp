#pragma once
// What the fuzz targets of the log formats share: the input as lines, cut as the collector cuts
// them, and what must hold of every event.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/log/format.hpp"
#include "collectors/log/line_splitter.hpp"
#include "collectors/log/record_joiner.hpp"

namespace kentongan::log {

inline void require(bool holds) {
    if (!holds) std::abort();
}

inline void check(const LineSplitter::Line& line, ParseResult result, const ParseContext& context,
                  const Event& event) {
    if (result == ParseResult::blank) return;
    require(event.raw() ==
            (line.text.ends_with('\r') ? line.text.substr(0, line.text.size() - 1) : line.text));
    require(event.time != Timestamp{});
    require(event.size() <= 600);
    require(result == ParseResult::parsed || event.size() == 0);
    require(context.repeat >= 1 && context.repeat <= 100);
    require(event.kind != EventKind::upload || event.has(Field::sirekap_tps) ||
            event.logsource.product != "sirekap");
    (void)to_json(event);
}

/// Cuts the input as the collector does and calls visit(line).
template <class Visit>
void for_each_line(const std::uint8_t* data, std::size_t size, Visit visit) {
    LineSplitter splitter{512};
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
        const auto part = rest.substr(0, 300);
        std::ranges::copy(part, splitter.room().begin());
        splitter.added(part.size());
        rest.remove_prefix(part.size());
        while (const auto line = splitter.next()) visit(*line);
    }
    if (const auto line = splitter.last()) visit(*line);
}

inline ParseContext a_context() {
    ParseContext out;
    out.reference = from_nanoseconds(1'732'699'865'000'000'000);
    return out;
}

inline void read_lines(std::string_view format_name, const std::uint8_t* data, std::size_t size) {
    const auto format = make_format(format_name).value();
    auto context = a_context();
    Event event;
    for_each_line(data, size, [&](const LineSplitter::Line& line) {
        const auto result = read_line(*format, line.text, context, event);
        check(line, result, context, event);
    });
}

/// The same through the joiner, for formats of which a record may have several lines and events.
inline void read_records(std::string_view format_name, const std::uint8_t* data, std::size_t size) {
    const auto format = make_format(format_name).value();
    auto context = a_context();
    Event event;
    RecordJoiner joiner{2048, 16};
    const RecordJoiner::Emit read = [&](const LineSplitter::Line& record) {
        const auto result = read_line(*format, record.text, context, event);
        require(result != ParseResult::unparsed || event.size() == 0);
        for (unsigned events = 1; result != ParseResult::blank; ++events) {
            require(event.time != Timestamp{} && event.size() <= 1200 && events <= 64);
            require(context.repeat >= 1 && context.repeat <= 100);
            require(context.event_offset <= record.text.size());
            (void)to_json(event);
            if (!read_another(*format, context, event)) break;
        }
    };
    for_each_line(data, size, [&](const LineSplitter::Line& line) {
        joiner.take(line, format->fit(line.text), read);
    });
    joiner.finish(read);
}

}  // namespace kentongan::log
