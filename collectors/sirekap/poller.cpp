// The life of a poller.
#include "collectors/sirekap/poller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/async/task_group.hpp"

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kToldAtOnce = 64;
constexpr std::chrono::seconds kTick{1};
using Steady = std::chrono::steady_clock;
}  // namespace

struct Poller::Shared {
    Shared(const PublishedOptions& options, PollTarget what, std::size_t room)
        : target(std::move(what)),
          pace(options.requests_per_second, options.first_backoff, options.longest_backoff),
          jobs(room),
          done(2 * room) {}

    PollTarget target;
    Pace pace;
    Channel<Job> jobs;
    Channel<Done> done;
};

Poller::Poller(const PublishedOptions& options, PollTarget target, std::string_view source,
               std::optional<VersionStore> versions, std::string position, Metrics& metrics,
               const Clock& clock)
    : options_(options),
      target_(std::move(target)),
      source_(source),
      versions_(std::move(versions)),
      metrics_(metrics),
      clock_(clock),
      shared_(std::make_shared<Shared>(options, target_,
                                       static_cast<std::size_t>(options.connections))),
      from_(std::move(position)) {}

Poller::~Poller() { shared_->jobs.finish(); }

Task<Result<>> Poller::run(EventSink& sink) {
    const auto executor = co_await asio::this_coro::executor;
    TaskGroup workers{executor};
    for (std::int64_t i = 0; i < options_.connections; ++i) workers.spawn("fetch", work(shared_));
    workers.spawn("tick", tick(shared_));
    co_await tell_kept(sink);
    begin_walk();
    for (;;) {
        auto done = co_await shared_->done.receive();
        if (!done) break;
        if (!done->job.node.empty())
            take(std::move(*done), sink);
        else if (may_walk_again())
            begin_walk();
        hand_out();
        measure();
        co_await sink.flush(clock_.now(), bookmark());
        if (!walk_ && !options_.follow) break;
    }
    workers.cancel();
    shared_->jobs.finish();
    co_return Result<>{};
}

/// Fetches as fast as the pace allows; decides nothing.
Task<> Poller::work(std::shared_ptr<Shared> shared) {
    Fetcher fetcher{co_await asio::this_coro::executor, shared->target.fetch};
    while (auto job = co_await shared->jobs.receive()) {
        for (auto at = shared->pace.take(Steady::now()); at > Steady::now();) {
            asio::steady_timer timer{co_await asio::this_coro::executor, at};
            co_await timer.async_wait(asio::use_awaitable);
            at = std::max(at, shared->pace.resume());  // the server may have asked for more since
        }
        HttpUrl url = shared->target.base;
        url.target += path_of(job->node);
        const Validators validators = job->validators;
        Fetched fetched = co_await fetcher.get(std::move(url), validators);
        if (is_passing(fetched.outcome))
            shared->pace.failed(Steady::now(), fetched.retry_after);
        else
            shared->pace.answered();
        Done done{std::move(*job), std::move(fetched)};
        if (!co_await shared->done.send(std::move(done))) break;
    }
}

Task<> Poller::tick(std::shared_ptr<Shared> shared) {
    for (;;) {
        co_await sleep_for(kTick);
        (void)shared->done.offer(Done{});
    }
}

/// The newest kept versions, so that detectors know what was before the restart.
Task<> Poller::tell_kept(EventSink& sink) {
    if (!versions_) co_return;
    std::size_t told = 0;
    for (const KeptVersion& version : versions_->all_newest()) {
        const auto body = versions_->read(version.sha256);
        const auto head = body ? DocumentHead::read(*body) : std::unexpected(body.error());
        if (!head) continue;  // the next fetch is an unconditional one
        known_[version.node] = {{version.etag, version.last_modified},
                                sha256(as_bytes(*body)),
                                head->ts,
                                head->children,
                                false};
        emit(version.node, Told::published, 0, *body, &*head, sink);
        if (++told % kToldAtOnce == 0) co_await sink.flush(clock_.now());
    }
    co_await sink.flush(clock_.now());
}

bool Poller::may_walk_again() const {
    return !walk_ && options_.follow && Steady::now() >= next_walk_;
}

void Poller::begin_walk() {
    walk_.emplace(options_.areas, target_.longest, std::exchange(from_, {}));
    next_walk_ = Steady::now() + options_.interval;
    failures_ = 0;
    hand_out();
}

/// As many files are under way as there are workers; a walk without any more is over.
void Poller::hand_out() {
    if (!walk_) return;
    while (under_way_ < static_cast<std::size_t>(options_.connections)) {
        auto node = walk_->next();
        if (!node) break;
        const auto known = known_.find(*node);
        Job job{std::move(*node), {}, 0};
        if (known != known_.end() && !known->second.doubtful)
            job.validators = known->second.validators;
        if (shared_->jobs.offer(std::move(job))) ++under_way_;
    }
    if (!walk_->finished()) return;
    walk_.reset();
    metrics_.published_last_walk.with({source_}).set(to_seconds(clock_.now().time_since_epoch()));
    if (failures_ == 0) say("every file was fetched");
}

/// A Date is cut to its second: half of one later is the best guess.
void Poller::look_at_server(const Fetched& fetched) {
    if (fetched.made)
        metrics_.clock_offset.with({source_}).set(
            to_seconds(clock_.now() - *fetched.made - std::chrono::milliseconds{500}));
    const std::int64_t end = fetched.certificate_end;
    if (end == 0 || std::exchange(certificate_end_, end) == end) return;
    metrics_.certificate_end.with({source_}).set(static_cast<double>(end));
    if (options_.on_certificate) options_.on_certificate(end);
}

void Poller::take(Done done, EventSink& sink) {
    metrics_.published_fetches.with({source_, name_of(done.fetched.outcome)}).add();
    metrics_.published_bytes.with({source_}).add(static_cast<double>(done.fetched.body.size()));
    look_at_server(done.fetched);
    if (is_passing(done.fetched.outcome) && ++done.job.attempts < options_.attempts &&
        shared_->jobs.offer(std::move(done.job)))
        return;  // still under way
    --under_way_;
    const std::string node = done.job.node;
    const auto known = known_.find(node);
    switch (done.fetched.outcome) {
        case FetchOutcome::changed:
            take_version(node, std::move(done.fetched), sink);
            break;
        case FetchOutcome::unchanged:
            if (known != known_.end()) emit(node, Told::confirmed, 304, {}, nullptr, sink);
            break;
        case FetchOutcome::missing:
            if (known == known_.end()) break;
            emit(node, Told::removed, done.fetched.status, {}, nullptr, sink);
            known_.erase(known);
            break;
        default:
            take_failure(node, done.fetched, sink);
    }
    // What is below a file that could not be had is walked as it was known.
    const auto now_known = known_.find(node);
    if (walk_)
        walk_->done(node, now_known == known_.end() ? std::vector<std::string>{}
                                                    : now_known->second.children);
}

void Poller::take_version(const std::string& node, Fetched fetched, EventSink& sink) {
    const auto digest = sha256(as_bytes(fetched.body));
    Known& known = known_[node];
    const bool same = known.digest == digest;
    known.validators = {fetched.etag, fetched.last_modified};
    known.doubtful = false;
    if (same) return emit(node, Told::confirmed, fetched.status, {}, nullptr, sink);
    const auto head = DocumentHead::read(fetched.body);
    known.digest = digest;
    if (head) {
        known.ts = head->ts;
        known.children = head->children;
        newest_ = std::max(newest_, head->made.value_or(newest_));
    }
    keep(node, known, fetched.body);
    emit(node, Told::published, fetched.status, fetched.body, head ? &*head : nullptr, sink);
}

void Poller::take_failure(const std::string& node, const Fetched& fetched, EventSink& sink) {
    ++failures_;
    say(fetched.error);
    const auto known = known_.find(node);
    if (known == known_.end()) return;
    known->second.doubtful = true;
    emit(node, Told::failed, fetched.status, {}, nullptr, sink);
}

void Poller::keep(const std::string& node, const Known& known, std::string_view body) {
    if (!versions_) return;
    KeptVersion version{node, {}, known.ts, known.validators.etag, known.validators.last_modified,
                        0};
    if (auto kept = versions_->keep(std::move(version), body); !kept) say(kept.error().message);
    metrics_.published_kept_bytes.with({source_}).set(static_cast<double>(versions_->bytes()));
}

void Poller::emit(const std::string& node, Told told, int status, std::string_view body,
                  const DocumentHead* head, EventSink& sink) {
    HttpUrl url = target_.base;
    const PublishedFile file{target_.race, node,
                             fmt::format("{}://{}{}{}", url.tls ? "https" : "http", url.authority(),
                                         url.target, path_of(node)),
                             "", status};
    fill_published_event(file, told, head, body, event_);
    if (const auto known = known_.find(node);
        head == nullptr && known != known_.end() && !known->second.ts.empty())
        event_.set(Field::sirekap_published_at, known->second.ts);
    event_.time = clock_.now();
    event_.origin = {source_, ++position_};
    sink.emit(event_);
}

void Poller::measure() {
    metrics_.published_queue.with({source_}).set(walk_ ? static_cast<double>(walk_->waiting()) : 0);
    if (newest_ != Timestamp{})
        metrics_.published_newest.with({source_}).set(to_seconds(newest_.time_since_epoch()));
}

void Poller::say(const std::string& state) {
    if (!options_.on_state || std::exchange(said_, state) == state) return;
    options_.on_state(state);
}

Bookmark Poller::bookmark() const {
    const std::string at = walk_ ? walk_->position() : from_;
    return {std::string(source_), boost::json::serialize(boost::json::object{{"walk", at}})};
}

}  // namespace kentongan::sirekap
