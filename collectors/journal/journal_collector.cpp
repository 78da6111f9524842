// The entries of a systemd journal, read to its end or followed.
#include "collectors/journal/journal_collector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "collectors/journal/journal_watch.hpp"
#include "collectors/journal/systemd_journal.hpp"
#include "collectors/log/tally.hpp"

namespace kentongan::journal {

namespace {

/// Entries between two flushes, at most.
constexpr std::size_t kBatch = 256;

struct Place {
    std::string cursor;
    Timestamp newest{};
};

std::string to_json(const Place& place) {
    return boost::json::serialize(
        boost::json::object{{"cursor", place.cursor}, {"time", to_nanoseconds(place.newest)}});
}

std::optional<Place> parse_place(std::string_view text) {
    boost::system::error_code error;
    const auto value = boost::json::parse({text.data(), text.size()}, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* cursor = object == nullptr ? nullptr : object->if_contains("cursor");
    const auto* time = object == nullptr ? nullptr : object->if_contains("time");
    if (cursor == nullptr || !cursor->is_string() || time == nullptr || !time->is_int64())
        return std::nullopt;
    return Place{{cursor->get_string().data(), cursor->get_string().size()},
                 from_nanoseconds(time->get_int64())};
}

std::string full_name(const Options& options) {
    return "journal:" + (options.name.empty() ? options.path : options.name);
}

}  // namespace

struct JournalCollector::Impl {
    Impl(Options given, Metrics& metrics, const Clock& clock_given, std::optional<Place> from)
        : options(std::move(given)),
          name(full_name(options)),
          source(intern_text(name)),
          clock(clock_given),
          place(from.value_or(Place{})),
          tally(name, metrics) {
        context.source = source;
        context.reference = from ? place.newest : clock.now();
    }

    Task<Result<>> run(EventSink& sink);
    Result<SystemdJournal> open();
    Result<std::size_t> read_batch(SystemdJournal& journal, EventSink& sink);
    void emit(SystemdJournal& journal, EventSink& sink);
    Task<> flush(EventSink& sink, bool news);
    void say(std::string_view state, const std::string& message);

    Options options;
    std::string name;
    std::string_view source;
    const Clock& clock;
    Place place;
    log::Tally tally;
    log::ParseContext context;
    log::JournalEntry entry;
    log::JournalReader reader;
    Event event;
    std::string state;
};

void JournalCollector::Impl::say(std::string_view now, const std::string& message) {
    if (state == now) return;
    state = now;
    tally.open.set(now == "reading" ? 1 : 0);
    if (options.on_state) options.on_state(fmt::format("{}: {}", name, message));
}

/// At the place of the bookmark, or where `start` says.
Result<SystemdJournal> JournalCollector::Impl::open() {
    auto journal = SystemdJournal::open(options);
    if (!journal) return journal;
    if (!place.cursor.empty()) {
        const auto found = journal->to_cursor(place.cursor);
        if (!found) return std::unexpected(found.error());
        if (!*found) tally.missed();
    } else if (options.start == "end") {
        journal->to_end();
    } else {
        journal->to_begin();
    }
    return journal;
}

void JournalCollector::Impl::emit(SystemdJournal& journal, EventSink& sink) {
    journal.read(entry);
    const auto result = reader.read(entry, context, event);
    log::Stats& stats = tally.stats;
    ++stats.lines;
    ++(result == log::ParseResult::parsed ? stats.parsed : stats.unparsed);
    stats.left_out += std::exchange(context.left_out, 0);
    stats.bytes += event.raw().size();
    event.origin = {source, journal.realtime()};
    place.newest = std::max(place.newest, event.time);
    for (unsigned i = 0; i < context.repeat; ++i) sink.emit(event);
}

Result<std::size_t> JournalCollector::Impl::read_batch(SystemdJournal& journal, EventSink& sink) {
    std::size_t count = 0;
    for (; count < kBatch; ++count) {
        const auto more = journal.next();
        if (!more) return std::unexpected(more.error());
        if (!*more) break;
        emit(journal, sink);
    }
    if (count == 0) return count;
    auto cursor = journal.cursor();
    if (!cursor) return std::unexpected(cursor.error());
    place.cursor = std::move(*cursor);
    return count;
}

Task<> JournalCollector::Impl::flush(EventSink& sink, bool news) {
    if (!news) {
        co_await sink.flush(place.newest);
        co_return;
    }
    tally.publish();
    if (options.follow) tally.lag.set(to_seconds(clock.now() - place.newest));
    Bookmark bookmark{name, to_json(place)};
    co_await sink.flush(place.newest, std::move(bookmark));
}

Task<Result<>> JournalCollector::Impl::run(EventSink& sink) {
    JournalWatch watch{co_await asio::this_coro::executor, options.poll};
    std::optional<SystemdJournal> journal;
    for (;;) {
        Result<std::size_t> count{0};
        if (journal) {
            count = read_batch(*journal, sink);
        } else if (auto opened = open()) {
            journal.emplace(std::move(*opened));
            watch.watch(journal->descriptor());
            say("reading", "reading");
            continue;
        } else {
            count = std::unexpected(opened.error());
        }
        co_await flush(sink, count && *count > 0);
        if (!count && !options.follow) co_return std::unexpected(count.error());
        if (!count) {
            say(count.error().message, count.error().message + "; trying again until it works");
            watch.watch(-1);
            journal.reset();
        } else if (*count == kBatch) {
            co_await asio::post(asio::use_awaitable);  // the lane serves other sources too
            continue;
        } else if (!options.follow) {
            co_return Result<>{};
        }
        co_await watch.wait();
        if (journal) journal->process();
    }
}

JournalCollector::JournalCollector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JournalCollector::~JournalCollector() = default;

std::string_view JournalCollector::name() const { return impl_->name; }
const log::Stats& JournalCollector::stats() const { return impl_->tally.stats; }
Task<Result<>> JournalCollector::run(EventSink& sink) { return impl_->run(sink); }

Result<std::unique_ptr<JournalCollector>> JournalCollector::make(Options options, Metrics& metrics,
                                                                 const Clock& clock,
                                                                 std::optional<Bookmark> resume) {
    const auto name = full_name(options);
    if (options.start != "begin" && options.start != "end")
        return fail(ErrorCode::config, "{}: start \"{}\": begin or end", name, options.start);
    std::optional<Place> from;
    if (resume && !(from = parse_place(resume->state)))
        return fail(ErrorCode::data, "{}: bookmark {}: no cursor", name, resume->state);
    return std::unique_ptr<JournalCollector>(new JournalCollector(
        std::make_unique<Impl>(std::move(options), metrics, clock, std::move(from))));
}

}  // namespace kentongan::journal
