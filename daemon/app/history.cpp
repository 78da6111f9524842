#include "daemon/app/history.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "daemon/app/source_counters.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/ledger/checkpoint.hpp"
#include "daemon/pipeline/history_settings.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kSlice = 2048;
constexpr std::chrono::milliseconds kTurn{50};

/// Entries for a thread that may block: asked of the store's thread, and waited for.
ledger::EntrySource source_of(EntryLog& entries, asio::any_io_executor store) {
    return [&entries, store](std::uint64_t from, std::size_t limit) {
        std::promise<Result<std::vector<std::string>>> promise;
        auto answer = promise.get_future();
        asio::post(store, [&] { promise.set_value(entries.entries(from, limit)); });
        return answer.get();
    };
}

/// Names of sources, and the labels of their metrics.
std::vector<std::pair<std::string, std::string>> sources_of(const Config& config) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [name, settings] : config.packet)
        out.emplace_back("packet:" + name,
                         settings.file.empty() ? settings.interface : std::string{"file"});
    for (const auto& [name, settings] : config.log) out.emplace_back("log:" + name, "log:" + name);
    for (const auto& [name, settings] : config.journal)
        out.emplace_back("journal:" + name, "journal:" + name);
    for (const auto& [name, settings] : config.integrity)
        out.emplace_back("integrity:" + name, name);
    for (const auto& [name, settings] : config.published)
        out.emplace_back("published:" + name, "published:" + name);
    if (!config.zeek.socket.empty()) out.emplace_back("zeek:bridge", "bridge");
    if (!config.report.listen.empty()) out.emplace_back("report:intake", "");
    return out;
}

}  // namespace

History::History(const Config& config, EntryLog& entries, Places places, Metrics& metrics,
                 const Clock& clock, ledger::Publisher publisher)
    : config_(config),
      entries_(entries),
      places_(std::move(places)),
      metrics_(metrics),
      clock_(clock),
      publisher_(std::move(publisher)),
      asking_(places_.loop) {
    for (auto& [name, label] : sources_of(config_)) {
        sources_.push_back({name, label, {}});
        sources_.back().before = source_counters(name, label, metrics_, clock_.now());
    }
    covered_until_ = clock_.now();
}

Result<std::unique_ptr<History>> History::make(const Config& config, EntryLog& entries,
                                               Places places, Metrics& metrics,
                                               const Clock& clock) {
    auto keys = history_keys(config);
    if (!keys) return std::unexpected(keys.error());
    ledger::Publisher publisher{{history_folder(config), history_origin(config)}, std::move(*keys)};
    std::unique_ptr<History> out{
        new History(config, entries, places, metrics, clock, std::move(publisher))};
    for (const auto& [name, settings] : config.witness) {
        auto client = WitnessClient::make(name, settings, places.loop);
        if (!client) return std::unexpected(client.error());
        metrics.evidence_cosigned.with({name}).set(0);
        out->witnesses_.push_back(std::move(*client));
    }
    return out;
}

const std::filesystem::path& History::folder() const { return publisher_.options().folder; }

Task<> History::run() {
    co_await loaded(config_, config_, "start");
    co_await note_keys();
    const std::chrono::seconds beat{config_.ledger.checkpoint_seconds};
    for (auto next = std::chrono::steady_clock::now();;) {
        note(co_await publish());
        if (failure_.empty()) ask_witnesses();
        const auto now = std::chrono::steady_clock::now();
        next = std::max(next + beat, now);
        co_await sleep_for(next - now);
        co_await cover();
    }
}

Task<> History::finish() {
    asking_.cancel();
    (void)co_await asking_.join();
    co_await cover();
    note(co_await publish());
}

namespace {

/// Held while something is done that others wait for; a cancellation ends it too.
class Turn {
  public:
    explicit Turn(bool& flag) : taken_(flag) { taken_ = true; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { taken_ = false; }

  private:
    bool& taken_;
};

}  // namespace

/// One at a time: whoever comes while another publishes waits for its end, then does the rest.
Task<Result<>> History::publish() {
    while (publishing_) co_await sleep_for(kTurn);
    const Turn turn{publishing_};
    co_return co_await publish_all();
}

/// The publisher takes one caller at a time.
template <class Work>
Task<std::invoke_result_t<Work>> History::with_publisher(Work work) {
    while (publishing_) co_await sleep_for(kTurn);
    const Turn turn{publishing_};
    co_return co_await run_on(places_.blocking, std::move(work));
}

Task<Result<>> History::publish_all() {
    if (!open_)
        if (auto opened = co_await open(); !opened) co_return opened;
    auto done = co_await take_entries();
    if (!done) {
        open_ = false;
        co_return done;
    }
    const auto sign = [this] {
        const auto began = std::chrono::steady_clock::now();
        const auto before = publisher_.published();
        auto done = publisher_.checkpoint();
        if (publisher_.published() != before)  // else there was nothing to write
            metrics_.spool_fsync.with().observe(
                to_seconds(std::chrono::steady_clock::now() - began));
        return done;
    };
    const auto signed_one = co_await run_on(places_.blocking, sign);
    if (!signed_one) {
        open_ = false;
        co_return std::unexpected(signed_one.error());
    }
    metrics_.evidence_log_size.with().set(static_cast<double>(publisher_.published()));
    metrics_.evidence_checkpoint.with().set(to_seconds(clock_.now().time_since_epoch()));
    co_return Result<>{};
}

Task<Result<>> History::open() {
    const auto source = source_of(entries_, places_.store);
    const auto work = [this, source] { return publisher_.open(source); };
    auto opened = co_await run_on(places_.blocking, work);
    if (!opened) co_return opened;
    open_ = true;
    if (!publisher_.note().empty())
        logging::warning("the history's files were mended from the database",
                         {{"reason", publisher_.note()}});
    const auto count = [this] { return entries_.entry_count(); };
    const auto stored = co_await run_on(places_.store, count);
    if (!stored) co_return std::unexpected(stored.error());
    if (*stored >= publisher_.published()) co_return Result<>{};
    open_ = false;
    co_return fail(ErrorCode::data,
                   "the database has {} entries and {} were published: it was cut off or is an "
                   "old copy; restore the newest one",
                   *stored, publisher_.published());
}

Task<Result<>> History::take_entries() {
    for (;;) {
        const auto read = [this, from = publisher_.size()] {
            return entries_.entries(from, kSlice);
        };
        auto slice = co_await run_on(places_.store, read);
        if (!slice) co_return std::unexpected(slice.error());
        metrics_.evidence_waiting.with().set(
            static_cast<double>(publisher_.size() - publisher_.published() + slice->size()));
        if (slice->empty()) break;
        const auto append = [this, entries = std::move(*slice)] {
            return publisher_.append(entries);
        };
        if (auto added = co_await run_on(places_.blocking, append); !added) co_return added;
    }
    metrics_.evidence_waiting.with().set(0);
    co_return Result<>{};
}

void History::note(const Result<>& outcome) {
    metrics_.evidence_failing.with().set(outcome ? 0 : 1);
    if (outcome) {
        if (!failure_.empty()) logging::info("the history is published again");
        failure_.clear();
        return;
    }
    if (failure_ != outcome.error().message)
        logging::error("cannot publish the history; alerts go on and wait in the database",
                       {{"reason", outcome.error().message}});
    failure_ = outcome.error().message;
}

/// Beside each other; one that has not answered yet is not asked again.
void History::ask_witnesses() {
    for (const auto& witness : witnesses_)
        if (witness.has_address() && asked_.insert(&witness).second)
            asking_.spawn(witness.name(), ask_one(witness));
}

Task<> History::ask_one(const WitnessClient& witness) {
    struct Answered {
        std::set<const WitnessClient*>& asked;
        const WitnessClient* one;
        ~Answered() { asked.erase(one); }
    } const answered{asked_, &witness};
    co_await ask(witness);
}

Task<Result<History::Asked>> History::ask_from(const WitnessClient& witness,
                                               std::uint64_t old_size) {
    struct Request {
        std::string body;
        ledger::SignedCheckpoint checkpoint;
    };
    const auto make = [this, old_size]() -> Result<Request> {
        auto body = publisher_.witness_request(old_size);
        if (!body) return std::unexpected(body.error());
        return Request{std::move(*body), *publisher_.newest()};
    };
    auto request = co_await with_publisher(make);
    if (!request) co_return std::unexpected(request.error());
    auto reply = co_await witness.post(std::move(request->body));
    if (!reply) co_return std::unexpected(reply.error());
    co_return Asked{std::move(*reply), std::move(request->checkpoint)};
}

/// From what it signed last as far as we know; when it knows better (409), once more from there.
Task<> History::ask(const WitnessClient& witness) {
    const auto last = [this, &witness] { return publisher_.last_cosigned(witness.key()); };
    const std::uint64_t known = co_await with_publisher(last);
    auto asked = co_await ask_from(witness, known);
    if (asked && asked->reply.status == 409) {
        const std::string_view body = asked->reply.body;
        if (const auto size = ledger::parse_size(body.substr(0, body.find('\n')));
            size && *size != known)
            asked = co_await ask_from(witness, *size);
    }
    std::string why;
    if (!asked) {
        why = asked.error().message;
    } else if (asked->reply.status != 200) {
        why = fmt::format("status {}: {}", asked->reply.status, asked->reply.body.substr(0, 200));
    } else {
        const auto lines = ledger::parse_signatures(asked->reply.body);
        const auto keep = [this, &witness, &lines, &asked] {
            return publisher_.cosigned(witness.key(), *lines, asked->checkpoint);
        };
        if (!lines) {
            why = lines.error().message;
        } else if (const auto at = co_await with_publisher(keep); !at) {
            why = at.error().message;
        } else if (!*at) {
            why = "it signed with another key than witness.NAME.key";
        } else {
            metrics_.evidence_cosigned.with({witness.name()})
                .set(to_seconds((*at)->time_since_epoch()));
        }
    }
    if (!why.empty())
        logging::warning("a witness has not signed",
                         {{"witness", witness.name()}, {"reason", why}});
}

Task<Result<>> History::add(std::vector<std::string> entries) {
    if (entries.empty()) co_return Result<>{};
    const auto work = [this, list = std::move(entries)] { return entries_.append(list); };
    co_return co_await run_on(places_.store, work);
}

/// Those that sign, and those that did at the start before and do no more.
Task<> History::note_keys() {
    const auto list = [this, now = clock_.now()] { return publisher_.key_entries(now); };
    auto entries = co_await run_on(places_.blocking, list);
    if (auto added = co_await add(std::move(entries)); !added) {
        logging::error("cannot note in the history which keys sign",
                       {{"reason", added.error().message}});
        co_return;
    }
    const auto keep = [this] { return publisher_.remember_keys(); };
    if (const auto kept = co_await run_on(places_.blocking, keep); !kept)
        logging::error("cannot keep which keys sign; their retirement will not be noted",
                       {{"reason", kept.error().message}});
}

Task<> History::loaded(Config in_force, Config files, std::string by) {
    struct Loaded {
        std::string in_force;
        std::string files;
        RulesDigest rules;
    };
    const auto hash = [in_force = std::move(in_force), files = std::move(files)] {
        return Loaded{sha256_hex(show({in_force, {}}, false)), sha256_hex(show({files, {}}, false)),
                      rules_digest(in_force.rules)};
    };
    auto now = co_await run_on(places_.blocking, hash);
    ledger::Setting rules{
        .name = "rules", .sha256 = now.rules.sha256, .items = now.rules.files.size(), .by = by};
    if (rule_files_) rules.changed = changed_files(*rule_files_, now.rules.files);
    std::vector<ledger::Setting> all{{.name = "settings", .sha256 = now.in_force, .by = by},
                                     std::move(rules)};
    if (now.files != now.in_force)
        all.push_back({.name = "settings_file", .sha256 = now.files, .in_force = false, .by = by});
    std::vector<std::string> entries;
    for (const auto& setting : all)
        entries.push_back(ledger::setting_entry(setting, KENTONGAN_VERSION, clock_.now()));
    if (auto added = co_await add(std::move(entries)); !added) {
        logging::error("cannot note in the history that settings were loaded",
                       {{"reason", added.error().message}});
        co_return;
    }
    rule_files_ = std::move(now.rules.files);
}

Task<> History::cover() {
    if (covering_) {
        while (covering_) co_await sleep_for(kTurn);
        co_return;
    }
    const Turn turn{covering_};
    std::vector<ledger::Coverage> now;
    std::vector<ledger::Coverage> minute;
    for (const Source& source : sources_) {
        now.push_back(source_counters(source.name, source.label, metrics_, clock_.now()));
        minute.push_back({.source = source.name,
                          .seen = now.back().seen - source.before.seen,
                          .inspected = now.back().inspected - source.before.inspected,
                          .dropped = now.back().dropped - source.before.dropped,
                          .lag_seconds = now.back().lag_seconds});
    }
    const Timestamp until = clock_.now();
    auto entries = ledger::coverage_entries(minute, covered_until_, until, ledger::clock_state());
    if (auto added = co_await add(std::move(entries)); !added) {
        logging::error("cannot note what the sources did; it will be noted with the next minute",
                       {{"reason", added.error().message}});
        co_return;
    }
    for (std::size_t i = 0; i < now.size(); ++i) sources_[i].before = std::move(now[i]);
    covered_until_ = until;
}

}  // namespace kentongan
