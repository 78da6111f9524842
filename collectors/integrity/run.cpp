#include "collectors/integrity/run.hpp"

#include <algorithm>

namespace kentongan::integrity {

namespace {

constexpr auto kLongestSettling = std::chrono::seconds{1};
constexpr auto kBetweenOverflows = std::chrono::seconds{5};
// What was handed on this long ago is taken to be committed: its deltas may join the snapshot.
constexpr auto kCommitted = std::chrono::seconds{60};

/// Our own files must not be changes of a tree they happen to lie in.
std::vector<std::string> with_own_files(std::vector<std::string> patterns, const std::string& root,
                                        const std::filesystem::path& baseline) {
    const std::string& path = baseline.native();
    if (!path.starts_with(root + "/")) return patterns;
    std::string glob = "/";
    for (const char c : path.substr(root.size() + 1)) {
        if (std::string_view{"\\*?["}.contains(c)) glob += '\\';
        glob += c;
    }
    patterns.push_back(glob);
    patterns.push_back(glob + ".new");
    return patterns;
}

Tree tree_of(const Options& options) {
    auto patterns = with_own_files(options.exclude, options.path, options.baseline);
    return {options.path, Exclusions{std::move(patterns)}, options.maximum_files};
}

Entries entries_of(const Listing& listing) {
    Entries out;
    for (const Found& found : listing.found) out.emplace_hint(out.end(), found.path, found.entry);
    return out;
}

std::uint64_t new_id(std::string_view root, Timestamp now) {
    const Sha256Digest digest = sha256(as_bytes(fmt::format("{}\n{}", root, to_nanoseconds(now))));
    return ByteReader(digest).u64();
}

}  // namespace

IntegrityCollector::Run::Run(IntegrityCollector& collector, EventSink& sink,
                             asio::any_io_executor lane)
    : collector_(collector),
      options_(collector.options_),
      sink_(sink),
      lane_(std::move(lane)),
      shared_(std::make_shared<Shared>(tree_of(options_), options_.baseline)) {}

Task<Result<>> IntegrityCollector::Run::follow() {
    const auto known = co_await open();
    if (!known) co_return std::unexpected(known.error());
    last_whole_ = Steady::now();
    co_await sink_.flush(advance());
    if (*known)
        co_await look(std::nullopt);
    else if (auto made = co_await make_baseline(); !made)
        co_return made;
    for (;;) {
        auto folders = co_await wait_for_work();
        co_await look(std::move(folders));
    }
}

/// Reads the baseline and emits (again) what the store has not committed; false: there is none.
Task<Result<bool>> IntegrityCollector::Run::open() {
    std::optional<Progress> progress;
    if (options_.bookmark) progress = parse_progress(*options_.bookmark);
    const auto opened = std::make_shared<Result<Opened>>();
    auto body = [shared = shared_, opened, progress](const auto&) {
        *opened = shared->file.open(shared->tree.root, progress);
        if (!*opened) return;
        for (const Delta& delta : (*opened)->pending)
            for (const Change& change : delta.changes) shared->names.learn(change);
    };
    co_await work(1, body);
    if (!*opened) co_return std::unexpected(opened->error());
    if (!(*opened)->state) co_return false;
    shared_->baseline = std::move(*(*opened)->state);
    for (Delta& delta : (*opened)->pending) {
        apply(delta, shared_->baseline);
        co_await emit(delta, true);
    }
    co_return true;
}

Task<Result<>> IntegrityCollector::Run::make_baseline() {
    const auto pass = co_await scan({std::nullopt, true, collector_.clock_.now(), {}});
    if (pass->listing().is_gone("")) co_return no_folder();
    Baseline& baseline = shared_->baseline;
    baseline.root = options_.path;
    baseline.time = advance();
    baseline.id = new_id(baseline.root, baseline.time);
    baseline.entries = entries_of(pass->listing());
    const auto written = std::make_shared<Result<>>();
    auto body = [shared = shared_, written](const auto&) {
        *written = shared->file.write(shared->baseline);
    };
    co_await work(1, body);
    if (!*written) co_return std::unexpected(written->error().within("baseline"));
    count(*pass, true);
    co_await sink_.flush(watermark_, bookmark(baseline.generation));
    co_return Result<>{};
}

/// Until a scan is due (nothing: of the whole tree) or the watch has seen something settle.
Task<std::optional<Folders>> IntegrityCollector::Run::wait_for_work() {
    const auto due = last_whole_ + options_.interval;
    for (;;) {
        take_notice();
        const auto now = Steady::now();
        if (now >= due || (overflow_ && now >= last_whole_ + kBetweenOverflows))
            co_return std::nullopt;
        const bool quiet = now - last_notice_ >= options_.settle;
        if (!dirty_.empty() && !overflow_ && (quiet || now - dirty_since_ >= kLongestSettling))
            co_return std::exchange(dirty_, {});
        co_await sink_.flush(advance());
        co_await sleep_for(std::min<Steady::duration>(options_.tick, due - now));
    }
}

Task<> IntegrityCollector::Run::look(std::optional<Folders> folders) {
    co_await rewrite_if_wanted();
    const bool whole = !folders;
    if (whole) {
        take_notice();  // what happened before this scan, it will see
        dirty_.clear();
        overflow_ = false;
        last_whole_ = Steady::now();
    }
    Pass::Request request{std::move(folders), false, collector_.clock_.now(), {}};
    request.hash_all = whole && wholes_ % std::max(options_.full_every, 1u) == 0;
    if (whole) ++wholes_;
    const auto pass = co_await scan(std::move(request));
    for (const std::string& gone : pass->listing().gone) {
        if (gone.empty() && !whole) overflow_ = true;
        if (!gone.empty()) dirty_.try_emplace(std::string(folder_of(gone)), false);
    }
    co_await report(*pass);
    count(*pass, whole);
}

Task<std::shared_ptr<Pass>> IntegrityCollector::Run::scan(Pass::Request request) {
    const bool watching = !options_.once;
    auto pass_of = [shared = shared_, watching](Pass::Request r) {
        if (watching) r.seen = [shared](const std::string& path) { shared->watch.add(path); };
        return std::make_shared<Pass>(shared->tree, shared->baseline.entries, std::move(r));
    };
    const auto pass = pass_of(std::move(request));
    auto list = [shared = shared_, pass](const std::atomic<bool>& stop) { pass->list(stop); };
    co_await work(1, list);
    auto hash = [shared = shared_, pass](const std::atomic<bool>& stop) { pass->hash(stop); };
    co_await work(std::max<std::size_t>(options_.threads, 1), hash);
    const bool comparing = shared_->baseline.id != 0;
    auto conclude = [shared = shared_, pass, comparing](const std::atomic<bool>&) {
        pass->conclude(comparing);
        for (const Change& change : pass->comparison().changes) shared->names.learn(change);
    };
    co_await work(1, conclude);
    co_return pass;
}

/// First on disk, then emitted, then in the bookmark: see BaselineFile.
Task<> IntegrityCollector::Run::report(Pass& pass) {
    Comparison& seen = pass.comparison();
    Entries& known = shared_->baseline.entries;
    for (Found& found : seen.refreshed) known[found.path] = std::move(found.entry);
    for (const std::string& path : seen.forgotten) known.erase(path);
    if (seen.changes.empty()) co_return;

    const auto delta = std::make_shared<Delta>();
    delta->generation = shared_->baseline.generation + 1;
    delta->time = advance();
    delta->first_position = shared_->baseline.positions + 1;
    delta->changes = std::move(seen.changes);
    const auto written = std::make_shared<Result<>>();
    auto body = [shared = shared_, delta, written](const auto&) {
        *written = shared->file.append(*delta);
        apply(*delta, shared->baseline);
    };
    co_await work(1, body);
    last_append_ = Steady::now();
    if (!*written) trouble("baseline_write");
    co_await emit(*delta, written->has_value());
}

/// Not durable: the changes are emitted without a bookmark, so a restart finds them again.
Task<> IntegrityCollector::Run::emit(const Delta& delta, bool durable) {
    Event event;
    watermark_ = std::max(watermark_, delta.time);
    for (std::size_t i = 0; i < delta.changes.size(); ++i) {
        describe(delta.changes[i], source(), delta.time, delta.first_position + i, event);
        sink_.emit(event);
        if (i % kBatch == kBatch - 1) co_await sink_.flush(watermark_);
    }
    std::optional<Bookmark> mark;
    if (durable) mark = bookmark(delta.generation);
    co_await sink_.flush(watermark_, std::move(mark));
}

Task<> IntegrityCollector::Run::rewrite_if_wanted() {
    if (!shared_->file.wants_rewrite() || Steady::now() - last_append_ < kCommitted) co_return;
    const auto written = std::make_shared<Result<>>();
    auto body = [shared = shared_, written](const auto&) {
        *written = shared->file.write(shared->baseline);
    };
    co_await work(1, body);
    if (!*written) trouble("baseline_write");
}

/// Waits for scan threads, and keeps the pipeline and the watch going meanwhile.
Task<> IntegrityCollector::Run::work(std::size_t workers, BackgroundWork::Body body) {
    BackgroundWork running{collector_.scan_, lane_, workers, std::move(body)};
    while (!co_await running.done_within(options_.tick)) {
        take_notice();
        if (!options_.once && watermark_ != Timestamp{}) co_await sink_.flush(advance());
    }
}

void IntegrityCollector::Run::take_notice() {
    if (options_.once) return;
    Watch::Seen seen = shared_->watch.poll();
    if (seen.overflow) collector_.metrics_.fim_events_lost.with({"queue_overflow"}).add();
    if (seen.overflow && !overflow_) trouble("queue_overflow");
    overflow_ = overflow_ || seen.overflow;
    if (const auto refused = shared_->watch.take_refused()) trouble("watch_limit", refused);
    if (seen.folders.empty()) return;
    last_notice_ = Steady::now();
    if (dirty_.empty()) dirty_since_ = last_notice_;
    for (auto& [path, deep] : seen.folders) dirty_[path] |= deep;
}

}  // namespace kentongan::integrity
