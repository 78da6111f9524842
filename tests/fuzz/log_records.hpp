#pragma once
// What the fuzz targets of formats with records of several lines share: the input as lines, joined
// as the format wants them, and what must hold of every event.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/log/format.hpp"
#include "collectors/log/line_splitter.hpp"
#include "collectors/log/record_joiner.hpp"

namespace kentongan::log {

class RecordFuzzer {
  public:
    explicit RecordFuzzer(std::string_view name) : format_(make_format(name).value()) {
        context_.reference = from_nanoseconds(1'732'699'865'000'000'000);
    }

    /// The head as for a file read from its middle, then the lines; the joiner's caps are small, so
    /// that the fuzzer reaches them.
    void read(std::string_view bytes) {
        format_->begin(bytes.substr(0, 512));
        LineSplitter splitter{512};
        while (!bytes.empty()) {
            const auto part = bytes.substr(0, 300);
            std::ranges::copy(part, splitter.room().begin());
            splitter.added(part.size());
            bytes.remove_prefix(part.size());
            while (const auto line = splitter.next()) take(*line);
        }
        if (const auto line = splitter.last()) take(*line);
        joiner_.finish([this](const LineSplitter::Line& record) { read_record(record.text); });
    }

  private:
    static void require(bool holds) {
        if (!holds) std::abort();
    }
    void take(const LineSplitter::Line& line) {
        joiner_.take(line, format_->fit(line.text),
                     [this](const LineSplitter::Line& record) { read_record(record.text); });
    }
    void read_record(std::string_view record) {
        const auto result = read_line(*format_, record, context_, event_);
        if (result == ParseResult::blank) return;
        check(result);
        // A password is taken out of the raw record of a parsed one only.
        if (result == ParseResult::unparsed) require(record.starts_with(event_.raw()));
        while (read_another(*format_, context_, event_)) check(result);
    }
    void check(ParseResult result) {
        require(event_.time != Timestamp{});
        require(event_.size() <= 2000);
        require(result == ParseResult::parsed || event_.size() == 0);
        require(context_.repeat >= 1 && context_.repeat <= 100);
        require(event_.kind != EventKind::upload && event_.kind != EventKind::heartbeat);
        (void)to_json(event_);
    }

    std::unique_ptr<Format> format_;
    ParseContext context_;
    Event event_;
    RecordJoiner joiner_{1024, 8};
};

inline int fuzz_records(std::string_view format, const std::uint8_t* data, std::size_t size) {
    RecordFuzzer{format}.read({reinterpret_cast<const char*>(data), size});
    return 0;
}

}  // namespace kentongan::log
