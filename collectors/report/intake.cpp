// From reports to the journal and on to the pipeline.
#include "collectors/report/intake.hpp"

#include <fmt/ranges.h>

#include "daemon/base/logging.hpp"

namespace kentongan::report {

namespace {

constexpr std::chrono::milliseconds kTick{500};
constexpr std::size_t kEmittedAtOnce = 256;
constexpr std::size_t kTicketLength = 12;  // KT-7Q2M-9XKD

web::Limits limits_of(const Options& options) {
    constexpr std::uint64_t kOfForm = 256 * 1024;
    web::Limits out;
    out.maximum_connections = options.connections;
    out.body_bytes = kOfForm + options.content.photos * options.content.photo_bytes;
    out.bodies_bytes = 4 * out.body_bytes;
    out.idle_timeout = 2 * options.request_timeout;
    out.request_timeout = options.request_timeout;
    out.write_timeout = options.request_timeout;
    out.body_rate = 64 * 1024;
    return out;
}

void secure(web::Response& response) {
    auto& headers = response.headers;
    headers.emplace_back("Content-Security-Policy",
                         "default-src 'none'; style-src 'self'; script-src 'self'; connect-src "
                         "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    headers.emplace_back("Referrer-Policy", "no-referrer");
    headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    headers.emplace_back("Cache-Control", "no-store");
}

}  // namespace

Intake::Intake(asio::any_io_executor lane, std::string_view source, const Options& options,
               std::shared_ptr<Archive> archive, Metrics& metrics, const Clock& clock,
               EventSink& sink)
    : source_(source),
      options_(options),
      archive_(std::move(archive)),
      journal_bytes_(archive_->journal.size()),
      metrics_(metrics),
      clock_(clock),
      sink_(sink),
      gate_(options.limits, archive_->key),
      pages_(options.limits, options.content),
      server_(lane, options.listen, limits_of(options),
              {.answer = [this](const web::Request& request) -> Task<web::Response> {
                   web::Response response = co_await answer(request);
                   secure(response);
                   co_return response;
               },
               .finish = [](web::Response& response) { secure(response); },
               .refuse =
                   [this](const web::Request& head) {
                       auto refusal = refuse_head(head);
                       if (refusal) secure(*refusal);
                       return refusal;
                   }},
              clock),
      group_(lane) {}

Task<Result<>> Intake::run() {
    if (auto listening = server_.listen(); !listening) co_return listening;
    if (options_.on_listening) options_.on_listening(server_.bound_port());
    if (archive_->lost > 0)
        logging::error("reports too many to hand on again after a restart",
                       {{"reports", archive_->lost}});
    Result<> result;
    try {
        co_await emit_pending();
        group_.spawn("listener", server_.run());
        group_.spawn("ticker", tick());
        group_.spawn("pump", pump());
        result = co_await group_.join();
    } catch (const boost::system::system_error&) {  // cancelled: the tasks end before we do
    }
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    group_.cancel();
    (void)co_await group_.join();
    co_return result;
}

/// What was journalled and not committed before a restart.
Task<> Intake::emit_pending() {
    std::size_t count = 0;
    for (; !archive_->pending.empty(); archive_->pending.pop_front()) {
        const Archive::Pending& pending = archive_->pending.front();
        const auto entry = read_entry(pending.line);
        if (const auto report = entry ? report_from_json(entry->report) : std::nullopt) {
            last_ = std::max(last_, report->received);
            emit(pending.sequence, *report, pending.line);
        }
        if (++count % kEmittedAtOnce == 0) co_await hand_on();
    }
    co_await hand_on();
}

Task<> Intake::tick() {
    for (;;) {
        co_await sleep_for(kTick);
        (void)queue_.offer(nullptr);  // when it is full, the pump is busy anyway
    }
}

Task<> Intake::pump() {
    for (;;) {
        auto batch = co_await queue_.receive_all();
        std::erase(batch, nullptr);
        if (!batch.empty()) co_await write(std::move(batch));
        co_await hand_on();
        measure();
    }
}

/// Journal first, then the ticket and the event.
Task<> Intake::write(std::vector<TakenPointer> batch) {
    std::vector<std::string> records;
    std::uint64_t sequence = archive_->sequence;
    for (const TakenPointer& taken : batch) {
        last_ = std::max(last_, clock_.now());
        taken->report.received = last_;
        records.push_back(report_line(++sequence, taken->key_hash, to_json(taken->report)));
    }
    const bool written = co_await append(fmt::format("{}", fmt::join(records, "")));
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (written) {
            archive_->tickets.add(batch[i]->report, batch[i]->key_hash);
            records[i].pop_back();  // the line's end
            emit(++archive_->sequence, batch[i]->report, records[i]);
        }
        (void)batch[i]->written.offer(bool{written});
    }
}

Task<bool> Intake::append(std::string lines) {
    auto work = [archive = archive_, lines = std::move(lines)] {
        return archive->journal.append(lines);
    };
    const auto done = co_await run_on(options_.blocking, work);
    journal_bytes_ = archive_->journal.size();
    if (!done && !failing_)
        logging::error("cannot keep reports", {{"reason", done.error().message}});
    if (done && failing_) logging::info("reports can be kept again");
    failing_ = !done;
    co_return done.has_value();
}

Task<> Intake::hand_on() {
    last_ = std::max(last_, clock_.now());
    std::optional<Bookmark> mark;
    if (std::exchange(marked_, emitted_) != emitted_)
        mark = Bookmark{std::string(source_), bookmark_of(emitted_)};
    co_await sink_.flush(last_, std::move(mark));
    co_await set_aside_flagged();
}

/// Photographs that a rule found something in.
Task<> Intake::set_aside_flagged() {
    for (const std::string& path : sink_.take_flagged_files()) {
        const std::string name = std::filesystem::path(path).filename().native();
        const std::string ticket = name.substr(0, kTicketLength);
        auto work = [archive = archive_, name] { return archive->photos->quarantine(name); };
        if (const auto moved = co_await run_on(options_.blocking, work); !moved) {
            logging::error("cannot set a photograph aside", {{"reason", moved.error().message}});
            continue;
        }
        metrics_.report_photos.with({"quarantined"}).add();
        archive_->tickets.quarantined(ticket);
        (void)co_await append(quarantine_line(ticket, name));
    }
}

void Intake::emit(std::uint64_t sequence, const Report& report, std::string_view line) {
    event_.clear();
    event_.set_raw(line);
    describe(report, event_);
    event_.origin = {source_, sequence};
    sink_.emit(event_);
    for (const StoredPhoto& photo : report.photos) emit_photo(sequence, report, photo);
    emitted_ = std::max(emitted_, sequence);
}

/// As the integrity collector tells of an upload, so that the same rules judge it.
void Intake::emit_photo(std::uint64_t sequence, const Report& report, const StoredPhoto& photo) {
    event_.clear();
    event_.kind = EventKind::file;
    event_.time = report.received;
    event_.logsource = {"file_event", "linux", ""};
    event_.origin = {source_, sequence};
    event_.set(Field::event_action, "created");
    event_.set(Field::file_tree, "upload");
    event_.set(Field::file_path, archive_->photos->path_of(photo.name).native());
    event_.set(Field::file_name, photo.name);
    event_.set(Field::file_extension, photo.name.substr(photo.name.rfind('.') + 1));
    event_.set(Field::file_type, "file");
    event_.set(Field::file_mode, "0600");
    event_.set(Field::file_size, static_cast<std::int64_t>(photo.bytes));
    event_.set(Field::file_hash_sha256, photo.sha256);
    event_.set(Field::report_id, report.ticket);
    sink_.emit(event_);
}

void Intake::measure() {
    metrics_.report_difficulty.with().set(gate_.difficulty(clock_.now()));
    metrics_.report_photo_bytes.with().set(static_cast<double>(archive_->photos->bytes()));
    metrics_.report_journal_bytes.with().set(static_cast<double>(journal_bytes_));
    if (gate_.evicted() != evicted_)
        metrics_.detector_evicted.with({"report.limits"})
            .add(static_cast<double>(gate_.evicted() - std::exchange(evicted_, gate_.evicted())));
}

}  // namespace kentongan::report
