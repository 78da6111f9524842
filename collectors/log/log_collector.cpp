// One log file, read to its end or followed through rotations: does what Tail decides.
#include "collectors/log/log_collector.hpp"

#include <fmt/format.h>

#include "collectors/log/change_watch.hpp"
#include "collectors/log/input_file.hpp"
#include "collectors/log/line_emitter.hpp"
#include "collectors/log/tail.hpp"

namespace kentongan::log {

struct LogCollector::Impl {
    Impl(Options given, std::string_view source, std::unique_ptr<Format> format,
         std::chrono::seconds zone, Metrics& metrics, const Clock& clock_given,
         std::optional<Position> from)
        : options(std::move(given)),
          name("log:" + (options.name.empty() ? options.path : options.name)),
          clock(clock_given),
          resume(std::move(from)),
          splitter(static_cast<std::size_t>(options.line_bytes)),
          emitter(options, source, name, std::move(format), zone, metrics),
          lag(metrics.log_lag.with({name})),
          up(metrics.log_open.with({name})),
          renames(metrics.log_rotations.with({name, "rename"})),
          truncations(metrics.log_rotations.with({name, "truncate"})),
          missed(metrics.log_rotations.with({name, "missed"})) {}

    Task<Result<>> replay(EventSink& sink);
    Task<Result<>> follow(EventSink& sink);

    void take_up();
    void begin(InputFile opened, std::uint64_t offset, bool passing_over = false);
    void open_path();
    void open_next();
    Result<std::size_t> read();
    void emit_lines(EventSink& sink);
    void emit_rest(EventSink& sink);
    Task<> flush(EventSink& sink);
    Task<> carry_out(TailStep step, EventSink& sink);
    Sighting look(ChangeWatch::Wake wake) const;
    Position position() const;
    void say(std::string_view state, std::string message);

    Options options;
    std::string name;
    const Clock& clock;
    std::optional<Position> resume;
    LineSplitter splitter;
    LineEmitter emitter;
    Tail tail;
    std::optional<InputFile> file;
    std::string head;  // the first bytes read of `file`, to know it again
    std::uint64_t lines_before = 0;
    bool started = false;
    std::string state;
    std::uint64_t flushed_lines = 0;
    ChangeWatch* watch = nullptr;
    Gauge lag;
    Gauge up;
    Counter renames;
    Counter truncations;
    Counter missed;
};

/// Tells a state once, when it begins.
void LogCollector::Impl::say(std::string_view now, std::string message) {
    if (state == now) return;
    state = now;
    up.set(now == "reading" ? 1 : 0);
    if (options.on_state) options.on_state(message);
}

Position LogCollector::Impl::position() const {
    Position out;
    out.inode = file->facts().inode;
    out.offset = splitter.offset();
    out.fingerprint_bytes = head.size();
    out.fingerprint = fingerprint_of(head);
    out.lines = lines_before;
    out.passing_over = splitter.passing_over();
    out.time = to_nanoseconds(emitter.newest());
    out.format = emitter.format();
    return out;
}

void LogCollector::Impl::begin(InputFile opened, std::uint64_t offset, bool passing_over) {
    file = std::move(opened);
    emitter.refer_to(file->regular() ? file->facts().changed : clock.now());
    splitter.restart(offset, passing_over);
    head = file->head(std::min<std::uint64_t>(offset, kFingerprintBytes));
    lines_before = 0;
    tail.succeeded();
    if (watch != nullptr) watch->watch_file();
    say("reading", fmt::format("{}: reading {}", name, options.path));
}

/// Goes on where the bookmark says, in the file it names, wherever that is now.
void LogCollector::Impl::take_up() {
    if (!resume) return;
    started = true;
    emitter.resume(from_nanoseconds(resume->time));
    if (auto found = find_file(options.path, *resume)) {
        begin(std::move(*found), resume->offset, resume->passing_over);
        lines_before = resume->lines;
        return;
    }
    const bool truncated = facts_of(options.path).inode == resume->inode;
    ++(truncated ? emitter.stats().truncations : emitter.stats().missed);
    (truncated ? truncations : missed).add();
}

void LogCollector::Impl::open_path() {
    auto opened = InputFile::open(options.path);
    if (!opened) {
        tail.failed();
        return say(opened.error().message, fmt::format("{}: {}; trying again until it works", name,
                                                       opened.error().message));
    }
    const bool from_end = options.start == "end" && !started;
    const auto size = opened->facts().size;
    started = true;
    begin(std::move(*opened), from_end ? size : 0);
}

void LogCollector::Impl::open_next() {
    auto opened = open_successor(options.path, file->facts().inode);
    if (!opened) return tail.failed();
    ++emitter.stats().renames;
    renames.add();
    begin(std::move(*opened), 0);
}

Result<std::size_t> LogCollector::Impl::read() {
    const auto room = splitter.room();
    const auto count = file->read(room, splitter.read_offset());
    if (!count) return count;
    if (head.size() < kFingerprintBytes && splitter.read_offset() == head.size())
        head.append(room.data(), std::min(*count, kFingerprintBytes - head.size()));
    splitter.added(*count);
    emitter.stats().bytes += *count;
    return count;
}

void LogCollector::Impl::emit_lines(EventSink& sink) {
    while (const auto line = splitter.next()) {
        emitter.emit(*line, sink);
        ++lines_before;
    }
}

/// The end of a file that will not grow any more.
void LogCollector::Impl::emit_rest(EventSink& sink) {
    const auto line = splitter.last();
    if (!line) return;
    emitter.emit(*line, sink);
    ++lines_before;
}

Task<> LogCollector::Impl::flush(EventSink& sink) {
    const auto lines = emitter.stats().lines;
    if (lines == flushed_lines || !file) {
        co_await sink.flush(emitter.newest());
        co_return;
    }
    flushed_lines = lines;
    emitter.publish();
    if (options.follow) lag.set(to_seconds(clock.now() - emitter.newest()));
    Bookmark bookmark{name, to_json(position())};
    co_await sink.flush(emitter.newest(), std::move(bookmark));
}

Sighting LogCollector::Impl::look(ChangeWatch::Wake wake) const {
    Sighting out;
    out.tick = wake.tick;
    out.changed = wake.changed;
    out.path_inode = facts_of(options.path).inode;
    if (!file) return out;
    const auto facts = file->facts();
    out.open_inode = facts.inode;
    out.open_size = facts.size;
    out.head_changed = file->head(head.size()) != head;
    return out;
}

Task<> LogCollector::Impl::carry_out(TailStep step, EventSink& sink) {
    switch (step) {
        case TailStep::wait:
            break;
        case TailStep::open:
            open_path();
            break;
        case TailStep::read:
            if (const auto count = read(); !count) {
                tail.failed();
                say(count.error().message, fmt::format("{}: {}", name, count.error().message));
            }
            emit_lines(sink);
            co_await flush(sink);
            break;
        case TailStep::restart: {
            emit_rest(sink);  // the beginning of a line that was cut off is all there is of it
            co_await flush(sink);
            ++emitter.stats().truncations;
            truncations.add();
            auto same = std::move(*file);
            begin(std::move(same), 0);
            break;
        }
        case TailStep::next:
            emit_rest(sink);
            co_await flush(sink);
            open_next();
            break;
    }
}

Task<Result<>> LogCollector::Impl::follow(EventSink& sink) {
    ChangeWatch changes{co_await asio::this_coro::executor, options.path, options.poll};
    watch = &changes;
    take_up();
    ChangeWatch::Wake wake;
    for (;;) {
        const auto seen = look(wake);
        wake = {};
        const auto step = tail.decide(seen, splitter.read_offset());
        if (!file && seen.path_inode == 0)
            say("missing", fmt::format("{}: {} is missing; waiting for it", name, options.path));
        co_await carry_out(step, sink);
        if (step != TailStep::wait) {
            co_await asio::post(asio::use_awaitable);  // the lane serves other sources too
            continue;
        }
        co_await flush(sink);
        wake = co_await changes.wait();
    }
}

Task<Result<>> LogCollector::Impl::replay(EventSink& sink) {
    take_up();
    if (!file) {
        auto opened = InputFile::open(options.path, true);
        if (!opened) co_return std::unexpected(opened.error());
        begin(std::move(*opened), 0);
    }
    for (;;) {
        const auto count = read();
        if (!count) {
            co_await flush(sink);
            co_return std::unexpected(count.error());
        }
        emit_lines(sink);
        if (*count == 0) emit_rest(sink);
        co_await flush(sink);
        if (*count == 0) co_return Result<>{};
        co_await asio::post(asio::use_awaitable);
    }
}

LogCollector::LogCollector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LogCollector::~LogCollector() = default;

std::string_view LogCollector::name() const { return impl_->name; }
const Stats& LogCollector::stats() const { return impl_->emitter.stats(); }

Task<Result<>> LogCollector::run(EventSink& sink) {
    return impl_->options.follow ? impl_->follow(sink) : impl_->replay(sink);
}

Result<std::unique_ptr<LogCollector>> LogCollector::make(Options options, Metrics& metrics,
                                                         const Clock& clock,
                                                         std::optional<Bookmark> resume) {
    const auto wrong = [&](const Error& error) {
        return std::unexpected(
            error.within("log " + (options.name.empty() ? options.path : options.name)));
    };
    if (options.path.empty()) return wrong({ErrorCode::config, "path is not set"});
    if (options.start != "begin" && options.start != "end")
        return wrong({ErrorCode::config, fmt::format("start \"{}\": begin or end", options.start)});
    if (options.line_bytes < 256 || options.line_bytes > (std::int64_t{16} << 20))
        return wrong(
            {ErrorCode::config, fmt::format("line_bytes {}: 256 to 16777216", options.line_bytes)});
    const auto zone = parse_zone(options.zone);
    if (!zone) return wrong(zone.error());
    std::optional<Position> position;
    if (resume && !(position = parse_position(resume->state)))
        return wrong({ErrorCode::data, fmt::format("bookmark {}: not a position", resume->state)});
    const FormatOptions how{options.path, options.fields, position ? position->format : ""};
    auto format = make_format(options.format, how);
    if (!format) return wrong(format.error());
    const auto source = intern_text(options.path);
    return std::unique_ptr<LogCollector>(
        new LogCollector(std::make_unique<Impl>(std::move(options), source, std::move(*format),
                                                *zone, metrics, clock, std::move(position))));
}

}  // namespace kentongan::log
