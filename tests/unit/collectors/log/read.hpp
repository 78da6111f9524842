#pragma once
// Reads lines through a format as the collector does.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/log/format.hpp"
#include "collectors/log/record_joiner.hpp"

namespace kentongan::log {

class Reader {
  public:
    explicit Reader(std::string_view name, FormatOptions options = {})
        : format_(make_format(name, options).value()) {
        context.reference = parse_rfc3339("2024-11-28T00:00:00Z").value();
        context.source = "test.log";
    }
    const Event& operator()(std::string_view line) {
        result = read_line(*format_, line, context, event);
        return event;
    }
    /// All events of a text of many lines, joined into records as the format wants them.
    std::vector<Event> all(std::string_view text) {
        std::vector<Event> out;
        RecordJoiner joiner{65536, 256};
        const RecordJoiner::Emit read = [&](const LineSplitter::Line& record) {
            if ((*this)(record.text); result == ParseResult::blank) return;
            out.push_back(event);
            while (read_another(*format_, context, event)) out.push_back(event);
        };
        while (!text.empty()) {
            const auto line = text.substr(0, text.find('\n'));
            text.remove_prefix(std::min(line.size() + 1, text.size()));
            joiner.take({line, 0, false}, format_->fit(line), read);
        }
        joiner.finish(read);
        return out;
    }
    [[nodiscard]] Format& format() { return *format_; }

    ParseContext context;
    ParseResult result = ParseResult::blank;
    Event event;

  private:
    std::unique_ptr<Format> format_;
};

inline std::string said(const Event& event, std::string_view name) {
    const auto field = find_field(name);
    return field ? event.get(*field).to_string() : std::string{};
}
inline std::string when(const Event& event) { return to_rfc3339(event.time); }

}  // namespace kentongan::log
