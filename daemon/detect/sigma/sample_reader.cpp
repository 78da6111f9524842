// By the ending of its name: JSON, a log format, or plain lines.
#include "daemon/detect/sigma/sample_reader.hpp"

#include <algorithm>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/event_reader.hpp"

namespace kentongan::sigma {

namespace fs = std::filesystem;

namespace {

Event raw_event(std::string_view line) {
    Event event;
    event.set_raw(line);
    event.set(Field::message, line);
    return event;
}

Result<std::vector<SampleEvent>> read_lines(std::string_view text, bool json) {
    std::vector<SampleEvent> out;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = trim(take_until(text, '\n'));
        if (line.empty()) continue;
        auto event = json ? read_event(line) : Result<Event>{raw_event(line)};
        if (!event) return fail(ErrorCode::data, "line {}: {}", number, event.error().message);
        out.push_back({std::move(*event), number});
    }
    return out;
}

Result<std::vector<SampleEvent>> read_records(std::string_view format, std::string_view text,
                                              const fs::path& sample, const RecordReader& reader) {
    if (!reader) return fail(ErrorCode::unavailable, "log formats cannot be read here");
    auto events = reader(format, text, sample.filename().string());
    if (!events) return std::unexpected(events.error());
    std::vector<SampleEvent> out;
    for (Event& event : *events) {
        const auto before =
            text.substr(0, std::min<std::size_t>(event.origin.position, text.size()));
        const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
        out.push_back({std::move(event), line});
    }
    return out;
}

/// "nginx" of "fires.nginx.log"; empty when the name holds no format.
std::string format_of(const fs::path& sample) {
    if (sample.extension() != ".log") return {};
    const std::string inner = sample.stem().extension().string();
    return inner.empty() ? inner : inner.substr(1);
}

}  // namespace

Result<std::vector<SampleEvent>> read_sample(const fs::path& sample, const RecordReader& reader) {
    const auto text = read_file(sample);
    if (!text) return std::unexpected(text.error());
    const std::string format = format_of(sample);
    auto out = format.empty() ? read_lines(*text, sample.extension() == ".ndjson")
                              : read_records(format, *text, sample, reader);
    if (out && out->empty()) return fail(ErrorCode::data, "the sample is empty");
    return out;
}

}  // namespace kentongan::sigma
