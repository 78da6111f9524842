#include "daemon/api/alert_tail.hpp"

#include <algorithm>

#include "daemon/api/handlers.hpp"
#include "daemon/api/reader_view.hpp"
#include "daemon/api/red_reads.hpp"

namespace kentongan::api {

namespace {

constexpr std::size_t kPage = 1000;
constexpr std::size_t kMostPages = 10;                      // of one look of a feed
constexpr std::size_t kMostPiece = std::size_t{128} << 10;  // bytes, to one client in one second
constexpr std::chrono::seconds kPace{1};
constexpr int kHeartbeatSeconds = 15;

/// Of the newest alert; 0 when there is none. On the store's thread.
Result<std::int64_t> newest_sequence(AlertStore& store) {
    AlertQuery newest;
    newest.limit = 1;
    const auto page = store.find(newest, std::nullopt);
    if (!page) return std::unexpected(page.error());
    return page->alerts.empty() ? 0 : page->alerts.front().sequence;
}

/// Nothing when it is not for this reader.
std::optional<TailFeed::Event> event_of(StoredAlert alert, const ReaderView& view) {
    const auto shown = view.shown(std::move(alert.json));
    if (!shown) return std::nullopt;
    TailFeed::Event out{.sequence = alert.sequence,
                        .text = fmt::format("id: {}\nevent: alert\ndata: ", alert.sequence),
                        .at = 0,
                        .red = view.is_told_of() ? red_object(*shown) : std::string{}};
    out.at = out.text.size();
    out.text += *shown + "\n\n";
    return out;
}

/// Feeds of the same question by the same kind of reader are one.
std::string key_of(const Call& call) {
    std::string out = ReaderView{call.service, call.who}.key();
    for (const auto& [name, value] : call.request.parsed.query)
        out += fmt::format("&{}={}", name, value);
    return out;
}

std::shared_ptr<TailFeed> feed_of(const Call& call, query::Expression where, std::int64_t after) {
    Service& service = call.service;
    std::erase_if(service.feeds, [](const auto& one) { return one.second.expired(); });
    auto& kept = service.feeds[key_of(call)];
    if (auto feed = kept.lock()) return feed;
    auto made = std::make_shared<TailFeed>(service, std::move(where), call.who, after);
    kept = made;
    return made;
}

/// One client's place in the sequence. The write deadline ends one that has stopped reading.
class AlertTail {
  public:
    AlertTail(Service& service, std::string who, std::shared_ptr<TailFeed> feed, std::int64_t after,
              TailForm form)
        : service_(service),
          who_(std::move(who)),
          feed_(std::move(feed)),
          lines_(form == TailForm::lines),
          after_(after) {
        count(+1);
    }
    ~AlertTail() { count(-1); }
    AlertTail(const AlertTail&) = delete;
    AlertTail& operator=(const AlertTail&) = delete;

    /// The next piece; nothing ends the stream, and the client comes back with Last-Event-ID.
    Task<std::optional<std::string>> next() {
        if (!greeted_) {
            greeted_ = true;
            // Where it begins: a client that loses us before the first alert comes back to here.
            co_return lines_ ? fmt::format("{{\"sequence\":{}}}\n", after_)
                             : fmt::format("retry: 2000\nid: {}\n\n", after_);
        }
        for (int second = 0; second < kHeartbeatSeconds; ++second) {
            if (second > 0 || gave_) co_await sleep_for(kPace);
            gave_ = false;
            auto piece = co_await look();
            if (!piece) co_return std::nullopt;
            gave_ = !piece->empty();
            if (gave_) co_return std::move(*piece);
        }
        co_return lines_ ? fmt::format("{{\"sequence\":{}}}\n", after_) : ": heartbeat\n\n";
    }

  private:
    void count(int by) {
        service_.open_streams =
            static_cast<std::size_t>(static_cast<int>(service_.open_streams) + by);
        service_.dependencies.metrics.live_tails.with().set(
            static_cast<double>(service_.open_streams));
    }

    Task<Result<std::string>> look() {
        if (auto looked = co_await feed_->refresh(); !looked)
            co_return std::unexpected(looked.error());
        if (feed_->newest() - after_ > TailFeed::kMostBehind) co_return lagged();
        if (after_ < feed_->floor()) {
            if (met_) co_return lagged();
            auto earlier = co_await feed_->earlier(after_);
            if (!earlier) co_return std::unexpected(earlier.error());
            co_return piece_of(*earlier);
        }
        met_ = true;
        const auto& events = feed_->events();
        const auto from = std::ranges::upper_bound(events, after_, {}, &TailFeed::Event::sequence);
        co_return piece_of(std::ranges::subrange(from, events.end()));
    }

    /// As much as one second may bring.
    template <class Events>
    std::string piece_of(const Events& events) {
        std::string out;
        std::vector<std::string> red;
        bool all = true;
        for (const TailFeed::Event& event : events) {
            all = out.size() + event.text.size() <= kMostPiece || out.empty();
            if (!all) break;
            if (lines_)
                out += fmt::format("{{\"sequence\":{},\"alert\":{}}}\n", event.sequence,
                                   std::string_view{event.text}.substr(
                                       event.at, event.text.size() - event.at - 2));
            else
                out += event.text;
            after_ = event.sequence;
            if (!event.red.empty()) red.push_back(event.red);
        }
        if (all && met_) after_ = std::max(after_, feed_->newest());
        if (all && !met_ && std::ranges::empty(events)) after_ = std::max(after_, feed_->floor());
        tell_of_reading(service_, who_, std::move(red));
        return out;
    }

    std::string lagged() {
        service_.dependencies.metrics.live_tails_lagged.with().add();
        met_ = true;
        const std::int64_t missed = feed_->newest() - std::exchange(after_, feed_->newest());
        if (lines_) return fmt::format("{{\"sequence\":{},\"lagged\":{}}}\n", after_, missed);
        return fmt::format("id: {}\nevent: lagged\ndata: {{\"missed\":{}}}\n\n", after_, missed);
    }

    Service& service_;
    const std::string who_;
    const std::shared_ptr<TailFeed> feed_;
    const bool lines_;
    std::int64_t after_;
    bool greeted_ = false;
    bool gave_ = false;
    bool met_ = false;  // it has come up to what the feed keeps
};

}  // namespace

Task<Result<TailFeed::Found>> TailFeed::look(std::int64_t after, std::size_t limit) {
    // All that the other thread uses is its own: whoever waits here may be cancelled meanwhile.
    const auto work = [&service = service_, where = where_, view = ReaderView{service_, who_},
                       after, limit]() -> Result<Found> {
        const auto newest = newest_sequence(service.dependencies.alerts);
        if (!newest) return std::unexpected(newest.error());
        Found out{.events = {}, .up_to = std::max(after, *newest)};
        if (*newest <= after) return out;
        AlertQuery query;
        query.where = *where;
        query.newest_first = false;
        query.limit = limit;
        auto page = service.dependencies.alerts.find(query, after);
        if (!page) return std::unexpected(page.error());
        write_places(service, page->alerts);
        out.more = page->next.has_value();
        if (out.more) out.up_to = *page->next;
        for (StoredAlert& alert : page->alerts)
            if (auto event = event_of(std::move(alert), view))
                out.events.push_back(std::move(*event));
        return out;
    };
    co_return co_await run_on(service_.dependencies.store, work);
}

Task<Result<>> TailFeed::refresh() {
    const auto now = std::chrono::steady_clock::now();
    // A little less than the pace of those who ask, so that each finds news.
    if (looking_ || (looked_ != decltype(looked_){} && now - looked_ < kPace * 9 / 10))
        co_return Result<>{};
    struct Turn {
        bool& taken;
        explicit Turn(bool& flag) : taken(flag) { taken = true; }
        ~Turn() { taken = false; }
    };
    const auto self = shared_from_this();  // the one who looks may leave
    const Turn turn{looking_};
    looked_ = now;
    for (std::size_t page = 0; page < kMostPages; ++page) {
        auto found = co_await look(newest_, kPage);
        if (!found) co_return std::unexpected(found.error());
        const bool more = found->more;
        keep(std::move(*found));
        if (!more) break;
    }
    co_return Result<>{};
}

Task<Result<std::vector<TailFeed::Event>>> TailFeed::earlier(std::int64_t after) {
    auto found = co_await look(after, 100);
    if (!found) co_return std::unexpected(found.error());
    co_return std::move(found->events);
}

void TailFeed::keep(Found found) {
    newest_ = std::max(newest_, found.up_to);
    for (Event& event : found.events) {
        bytes_ += event.text.size();
        events_.push_back(std::move(event));
    }
    const std::size_t share = kMostBytes / std::max<std::size_t>(1, service_.feeds.size());
    while (!events_.empty() &&
           (bytes_ > share || events_.size() > static_cast<std::size_t>(kMostBehind))) {
        floor_ = events_.front().sequence;
        bytes_ -= events_.front().text.size();
        events_.pop_front();
    }
}

Task<Result<std::function<Task<std::optional<std::string>>()>>> open_tail(
    const Call& call, query::Expression where, std::optional<std::int64_t> after, TailForm form) {
    Service& service = call.service;
    const auto find = [&service] { return newest_sequence(service.dependencies.alerts); };
    const auto newest = co_await run_on(service.dependencies.store, find);
    if (!newest) co_return std::unexpected(newest.error());
    const auto feed = feed_of(call, std::move(where), *newest);
    const auto tail =
        std::make_shared<AlertTail>(service, call.who.name, feed, after.value_or(*newest), form);
    co_return [tail] { return tail->next(); };
}

}  // namespace kentongan::api
