// The log files of one source, read to their ends or followed.
#include "collectors/log/log_collector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "collectors/log/file_table.hpp"
#include "collectors/log/path_pattern.hpp"

namespace kentongan::log {

namespace {

/// Of each of the files that a pattern matches, so that many may be open.
constexpr std::size_t kSmallChunk = std::size_t{64} << 10;

std::string full_name(const Options& options) {
    return "log:" + (options.name.empty() ? options.path : options.name);
}

}  // namespace

struct LogCollector::Impl {
    using Readers = std::vector<std::unique_ptr<FileReader>>;

    Impl(Options given, std::chrono::seconds zone, Metrics& metrics, const Clock& clock,
         std::optional<std::vector<FilePosition>> from)
        : options(std::move(given)),
          name(full_name(options)),
          resume(std::move(from)),
          tally(name, metrics),
          parts{options, name, clock, tally, zone} {
        if (is_pattern(options.path)) parts.chunk = kSmallChunk;
    }

    Task<Result<>> replay(EventSink& sink);
    Task<Result<>> follow(EventSink& sink);

    std::unique_ptr<Format> make_format_for(std::string_view path, std::string_view resumed) const;
    Result<Readers> open_all();
    Result<std::unique_ptr<FileReader>> open(const std::string& path);
    Task<> flush(EventSink& sink, Timestamp watermark, std::string state);
    Task<> flush(EventSink& sink, FileTable& files);
    bool anything_new();

    Options options;
    std::string name;
    std::optional<std::vector<FilePosition>> resume;
    Tally tally;
    SourceParts parts;
    std::uint64_t flushed = 0;
};

/// The options were checked, so the format is known.
std::unique_ptr<Format> LogCollector::Impl::make_format_for(std::string_view path,
                                                            std::string_view resumed) const {
    auto made =
        make_format(options.format, {std::string(path), options.fields, std::string(resumed)});
    return made ? std::move(*made) : nullptr;
}

bool LogCollector::Impl::anything_new() {
    const auto now = tally.stats.lines + tally.stats.notices;
    return std::exchange(flushed, now) != now;
}

Task<> LogCollector::Impl::flush(EventSink& sink, Timestamp watermark, std::string state) {
    if (state.empty() || !anything_new()) {
        co_await sink.flush(watermark);
        co_return;
    }
    tally.publish();
    Bookmark bookmark{name, std::move(state)};
    co_await sink.flush(watermark, std::move(bookmark));
}

Task<> LogCollector::Impl::flush(EventSink& sink, FileTable& files) {
    const auto watermark = files.watermark();
    tally.open.set(static_cast<double>(files.open()));
    const bool news = tally.stats.lines + tally.stats.notices != flushed;
    if (news) tally.lag.set(to_seconds(parts.clock.now() - watermark));
    co_await flush(sink, watermark, news ? files.bookmark() : std::string{});
}

Task<Result<>> LogCollector::Impl::follow(EventSink& sink) {
    ChangeWatch changes{co_await asio::this_coro::executor, options.poll};
    FileTable files{parts,
                    [this](std::string_view path, std::string_view resumed) {
                        return make_format_for(path, resumed);
                    },
                    changes};
    files.take_up(std::move(resume), sink);
    for (;;) {
        ChangeWatch::Wake wake;
        if (files.step(sink)) {
            co_await flush(sink, files);
            co_await asio::post(asio::use_awaitable);  // the lane serves other sources too
            wake = changes.glance();
        } else {
            co_await flush(sink, files);
            wake = co_await changes.wait();
        }
        if (wake.tick) tally.behind.set(static_cast<double>(files.behind()));
        if (wake.tick) tally.left_out_files.set(static_cast<double>(files.left_out()));
        if (wake.tick || wake.changed) files.wake(wake, sink);
    }
}

Result<std::unique_ptr<FileReader>> LogCollector::Impl::open(const std::string& path) {
    const bool own = resume && resume->size() == 1;
    const Position from = own ? resume->front().position : Position{};
    auto opened = InputFile::open(path, true);
    if (!opened) return std::unexpected(opened.error());
    auto out =
        std::make_unique<FileReader>(parts, intern_text(path), make_format_for(path, from.format));
    if (own) out->resume(from_nanoseconds(from.time));
    out->begin(std::move(*opened), from);
    return out;
}

Result<LogCollector::Impl::Readers> LogCollector::Impl::open_all() {
    Readers out;
    std::vector<std::string> paths{options.path};
    std::error_code ignored;
    if (is_pattern(options.path) && !std::filesystem::exists(options.path, ignored)) {
        auto found = expand(options.path, FileTable::kFiles);
        if (found.files.empty())
            return fail(ErrorCode::no_input, "open {}: no file matches", options.path);
        if (found.left_out > 0)
            return fail(ErrorCode::usage, "open {}: more than {} files match", options.path,
                        FileTable::kFiles);
        paths = std::move(found.files);
    }
    for (const auto& path : paths) {
        auto opened = open(path);
        if (!opened) return std::unexpected(opened.error());
        out.push_back(std::move(*opened));
    }
    return out;
}

/// Of several files, the one that is furthest behind in event time is read on: the events come in
/// about the order of their times, and always in the same.
Task<Result<>> LogCollector::Impl::replay(EventSink& sink) {
    auto readers = open_all();
    if (!readers) co_return std::unexpected(readers.error());
    const bool alone = readers->size() == 1;
    Timestamp watermark{};
    while (!readers->empty()) {
        const auto next = std::ranges::min_element(
            *readers, {}, [](const auto& reader) { return reader->newest(); });
        FileReader& reader = **next;
        const auto count = reader.read(sink);
        const auto* decoder = reader.file()->decoder();
        const bool ended = count && *count == 0;
        if (ended) reader.finish(sink);
        watermark =
            alone ? reader.newest()
                  : std::max(watermark, (*std::ranges::min_element(*readers, {}, [](const auto& r) {
                                            return r->newest();
                                        }))->newest());
        co_await flush(sink, watermark, alone ? to_json(reader.position()) : std::string{});
        if (!count) co_return std::unexpected(count.error());
        if (ended && decoder != nullptr && !decoder->complete())
            co_return fail(ErrorCode::data, "read {}: its compressed data end in the middle",
                           options.path);
        if (ended) readers->erase(next);
        co_await asio::post(asio::use_awaitable);
    }
    tally.publish();
    co_return Result<>{};
}

LogCollector::LogCollector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LogCollector::~LogCollector() = default;

std::string_view LogCollector::name() const { return impl_->name; }
const Stats& LogCollector::stats() const { return impl_->tally.stats; }

Task<Result<>> LogCollector::run(EventSink& sink) {
    return impl_->options.follow ? impl_->follow(sink) : impl_->replay(sink);
}

namespace {

Result<> check(const Options& options) {
    const auto within = [](std::string_view key, std::int64_t value, std::int64_t least,
                           std::int64_t most) -> Result<> {
        if (value >= least && value <= most) return {};
        return fail(ErrorCode::config, "{} {}: {} to {}", key, value, least, most);
    };
    constexpr std::int64_t kMostBytes = std::int64_t{16} << 20;
    if (options.path.empty()) return fail(ErrorCode::config, "path is not set");
    if (options.path.find("**") != std::string::npos)
        return fail(ErrorCode::config, "path {}: ** is not known, name the folders with *",
                    options.path);
    if (options.start != "begin" && options.start != "end")
        return fail(ErrorCode::config, "start \"{}\": begin or end", options.start);
    if (options.multiline != "none" && options.multiline != "stack_trace")
        return fail(ErrorCode::config, "multiline \"{}\": none or stack_trace", options.multiline);
    if (auto ok = within("line_bytes", options.line_bytes, 256, kMostBytes); !ok) return ok;
    if (auto ok = within("record_bytes", options.record_bytes, 256, kMostBytes); !ok) return ok;
    if (auto ok = within("record_lines", options.record_lines, 2, 10'000); !ok) return ok;
    if (auto format = make_format(options.format, {options.path, options.fields, ""}); !format)
        return std::unexpected(format.error());
    return {};
}

}  // namespace

Result<std::unique_ptr<LogCollector>> LogCollector::make(Options options, Metrics& metrics,
                                                         const Clock& clock,
                                                         std::optional<Bookmark> resume) {
    const auto wrong = [&](const Error& error) {
        return std::unexpected(
            error.within("log " + (options.name.empty() ? options.path : options.name)));
    };
    if (auto checked = check(options); !checked) return wrong(checked.error());
    const auto zone = parse_zone(options.zone);
    if (!zone) return wrong(zone.error());
    std::optional<std::vector<FilePosition>> from;
    if (resume && !(from = parse_positions(resume->state)))
        return wrong({ErrorCode::data, fmt::format("bookmark {}: not a position", resume->state)});
    return std::unique_ptr<LogCollector>(new LogCollector(
        std::make_unique<Impl>(std::move(options), *zone, metrics, clock, std::move(from))));
}

}  // namespace kentongan::log
