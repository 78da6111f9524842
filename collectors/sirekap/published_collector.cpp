// Checks the options and runs one of the two: a poller, or saved snapshots.
#include "collectors/sirekap/published_collector.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

#include "collectors/sirekap/poller.hpp"
#include "collectors/sirekap/snapshot_folder.hpp"
#include "daemon/async/http_connection.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kBatch = 256;
constexpr std::chrono::seconds kAlive{1};

/// {"walk":"3171"}; empty when it is anything else.
std::string position_of(const std::optional<Bookmark>& resume) {
    if (!resume) return {};
    boost::system::error_code error;
    const auto value = boost::json::parse(resume->state, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* walk = object == nullptr ? nullptr : object->if_contains("walk");
    if (walk == nullptr || !walk->is_string()) return {};
    const std::string out{walk->get_string().data(), walk->get_string().size()};
    return is_area_or_tps(out) ? out : std::string{};
}

Result<PollTarget> target_of(const PublishedOptions& options) {
    PollTarget out;
    auto url = HttpUrl::parse(options.url, "url");
    if (!url) return std::unexpected(url.error());
    out.base = std::move(*url);
    while (out.base.target.ends_with('/')) out.base.target.pop_back();
    if (out.base.target.ends_with(".json")) out.base.target.resize(out.base.target.size() - 5);
    out.race = options.race;
    if (out.race.empty()) out.race = out.base.target.substr(out.base.target.rfind('/') + 1);
    if (out.base.target.find_first_of("?#") != std::string::npos || out.race.empty())
        return fail(ErrorCode::config,
                    "url {}: give the folder of a race, such as "
                    "https://host/pilkada/hhcw/pkwkp",
                    options.url);
    const auto longest = depth_of(options.depth);
    if (!longest)
        return fail(ErrorCode::config,
                    "depth '{}': country, province, kabupaten, kecamatan, "
                    "kelurahan or tps",
                    options.depth);
    out.longest = *longest;
    for (const auto& area : options.areas)
        if (!is_area_or_tps(area))
            return fail(ErrorCode::config, "areas: '{}' is no code of an area or a TPS", area);
    out.fetch = {options.referer,
                 static_cast<std::size_t>(options.maximum_bytes),
                 static_cast<int>(options.redirects),
                 options.redirect_hosts,
                 options.timeout,
                 nullptr};
    auto tls = client_tls(options.ca_file);
    if (!tls) return std::unexpected(tls.error());
    out.fetch.tls = std::move(*tls);
    return out;
}

}  // namespace

struct PublishedCollector::Impl {
    PublishedOptions options;
    std::string_view name;
    std::string position;
    Metrics& metrics;
    const Clock& clock;
    std::optional<PollTarget> target;
    std::map<std::pair<std::string, std::string>, Sha256Digest> told;  // of a folder, live
    std::uint64_t emitted = 0;

    Task<Result<>> poll(EventSink& sink);
    Task<Result<>> replay(EventSink& sink);
    Task<Result<>> watch(EventSink& sink);
    Task<> look(const SnapshotFolder& saved, EventSink& sink);
    void emit(const SavedFile& file, Told what, std::string_view body, Timestamp time,
              EventSink& sink);
    void count(const SnapshotFolder& saved);
};

PublishedCollector::PublishedCollector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PublishedCollector::~PublishedCollector() = default;

Result<std::unique_ptr<PublishedCollector>> PublishedCollector::make(
    PublishedOptions options, Metrics& metrics, const Clock& clock,
    std::optional<Bookmark> resume) {
    const std::string table = "published " + (options.name.empty() ? options.folder : options.name);
    if (options.folder.empty() == options.url.empty())
        return fail(ErrorCode::config, "{}: give either url or folder", table);
    if (options.connections < 1 || options.connections > 64)
        return fail(ErrorCode::config, "{}: connections {}: 1 to 64", table, options.connections);
    std::optional<PollTarget> target;
    if (!options.url.empty()) {
        auto made = target_of(options);
        if (!made) return std::unexpected(made.error().within(table));
        target = std::move(*made);
    }
    const auto name =
        intern_text("published:" + (options.name.empty() ? options.folder : options.name));
    return std::unique_ptr<
        PublishedCollector>(new PublishedCollector(std::unique_ptr<Impl>(new Impl{
        std::move(options), name, position_of(resume), metrics, clock, std::move(target), {}, 0})));
}

std::string_view PublishedCollector::name() const { return impl_->name; }

Task<Result<>> PublishedCollector::run(EventSink& sink) {
    if (impl_->target) return impl_->poll(sink);
    return impl_->options.follow ? impl_->watch(sink) : impl_->replay(sink);
}

Task<Result<>> PublishedCollector::Impl::poll(EventSink& sink) {
    std::optional<VersionStore> versions;
    if (!options.versions.empty()) {
        auto opened = VersionStore::open(options.versions,
                                         static_cast<std::uint64_t>(options.quota_mib) << 20);
        if (!opened) co_return std::unexpected(opened.error().within(name));
        versions = std::move(*opened);
    }
    Poller poller{options, *target, name, std::move(versions), position, metrics, clock};
    co_return co_await poller.run(sink);
}

/// Recorded input: all there is, in order of the files' own times.
Task<Result<>> PublishedCollector::Impl::replay(EventSink& sink) {
    const auto saved = SnapshotFolder::read(options.folder);
    if (!saved) co_return std::unexpected(saved.error());
    count(*saved);
    if (saved->files.empty())
        co_return fail(ErrorCode::no_input,
                       "published {}: no published file in it; names are such "
                       "as pkwkp_31_3171.json",
                       options.folder);
    SavedReader reader;
    for (std::size_t i = 0; i < saved->moments.size(); ++i) {
        const SavedMoment& moment = saved->moments[i];
        const SavedFile& file = saved->files[moment.file];
        const auto body = reader.read(file);
        if (!body) co_return std::unexpected(body.error());
        emit(file, moment.told, *body, moment.time, sink);
        if (i % kBatch == kBatch - 1) co_await sink.flush(moment.time);
    }
    if (!saved->moments.empty()) co_await sink.flush(saved->moments.back().time);
    if (!saved->problems.empty())
        co_return fail(ErrorCode::data, "published {}: {} files were not read, the first: {}",
                       options.folder, saved->problems.size(), saved->problems.front());
    co_return Result<>{};
}

/// A folder that somebody else fills: looked through each interval; times are those of the look.
Task<Result<>> PublishedCollector::Impl::watch(EventSink& sink) {
    for (;;) {
        if (const auto saved = SnapshotFolder::read(options.folder)) {
            count(*saved);
            co_await look(*saved, sink);
        } else if (options.on_state) {
            options.on_state(saved.error().message);
        }
        const auto next = std::chrono::steady_clock::now() + options.interval;
        while (std::chrono::steady_clock::now() < next) {
            co_await sink.flush(clock.now());
            co_await sleep_for(std::min<std::chrono::steady_clock::duration>(
                next - std::chrono::steady_clock::now(), kAlive));
        }
    }
}

Task<> PublishedCollector::Impl::look(const SnapshotFolder& saved, EventSink& sink) {
    SavedReader reader;
    std::size_t emitted_here = 0;
    for (const SavedMoment& moment : saved.moments) {
        if (moment.told != Told::published) continue;
        const SavedFile& file = saved.files[moment.file];
        const auto body = reader.read(file);
        if (!body) continue;  // it went between the two readings
        auto& known = told[{file.file.race, file.path.native()}];
        const auto digest = sha256(as_bytes(*body));
        if (std::exchange(known, digest) == digest) continue;
        emit(file, Told::published, *body, clock.now(), sink);
        if (++emitted_here % kBatch == 0) co_await sink.flush(clock.now());
    }
    co_await sink.flush(clock.now());
}

void PublishedCollector::Impl::emit(const SavedFile& saved, Told what, std::string_view body,
                                    Timestamp time, EventSink& sink) {
    const auto head = DocumentHead::read(body);
    Event event;
    fill_published_event(saved.file, what, head ? &*head : nullptr, body, event);
    event.time = time;
    event.origin = {name, ++emitted};
    sink.emit(event);
}

void PublishedCollector::Impl::count(const SnapshotFolder& saved) {
    metrics.published_fetches.with({name, "read"}).add(static_cast<double>(saved.files.size()));
    metrics.published_fetches.with({name, "skipped"}).add(static_cast<double>(saved.skipped));
    metrics.published_fetches.with({name, "unreadable"})
        .add(static_cast<double>(saved.problems.size()));
}

}  // namespace kentongan::sirekap
