#include "daemon/pipeline/daily_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/base/logging.hpp"
#include "daemon/base/text.hpp"
#include "daemon/ledger/entry.hpp"

namespace kentongan {

namespace json = boost::json;

std::string DailyFigures::text_of(const Reached& reached) {
    return fmt::format("{} {} {}", to_nanoseconds(reached.until), reached.first, reached.seen);
}

Result<std::int64_t> DailyFigures::newest() {
    AlertQuery query;
    query.limit = 1;
    const auto page = store_.find(query, std::nullopt);
    if (!page) return std::unexpected(page.error());
    return page->alerts.empty() ? 0 : page->alerts.front().sequence;
}

Result<> DailyFigures::open() {
    const auto bookmarks = store_.bookmarks();
    if (!bookmarks) return std::unexpected(bookmarks.error());
    if (const auto kept = bookmarks->find(std::string(kBookmark)); kept != bookmarks->end()) {
        std::string_view text = kept->second;
        const auto until = parse_number<std::int64_t>(take_until(text, ' '));
        const auto first = parse_number<std::int64_t>(take_until(text, ' '));
        const auto seen = parse_number<std::int64_t>(text);
        if (!until || !first || !seen)
            return fail(ErrorCode::data, "the bookmark of the daily figures is '{}'", kept->second);
        reached_ = Reached{from_nanoseconds(*until), *first, *seen};
        return {};
    }
    const auto last = newest();
    if (!last) return std::unexpected(last.error());
    const Reached from_now{clock_.now(), *last + 1, *last};
    AlertBatch batch;
    batch.bookmarks[std::string(kBookmark)] = text_of(from_now);
    if (auto stored = store_.commit(batch); !stored) return stored;
    reached_ = from_now;
    return {};
}

/// The first midnight after what was told.
Timestamp DailyFigures::end_of_day(Timestamp now) const {
    const Timestamp from = std::max(reached_->until, now - kMostMissed);
    return std::chrono::floor<std::chrono::days>(from + offset_) + std::chrono::days{1} - offset_;
}

Result<> DailyFigures::begin(std::shared_ptr<const Routing> routing, Timestamp until) {
    const auto last = newest();
    if (!last) return std::unexpected(last.error());
    day_.emplace(Day{Figures{std::move(routing), reached_->until, until, offset_},
                     {until, *last + 1, *last},
                     reached_->first - 1});
    return {};
}

/// True when the day was read to its end.
Result<bool> DailyFigures::read_slice() {
    AlertQuery query;
    query.newest_first = false;
    query.limit = kSlice;
    const auto page = store_.find(query, day_->after);
    if (!page) return std::unexpected(page.error());
    for (const auto& [sequence, text] : page->alerts) {
        if (sequence > day_->then.seen) return true;
        day_->after = sequence;
        boost::system::error_code bad;
        const auto parsed = json::parse(text, bad);
        const Result<Alert> alert =
            bad ? Result<Alert>{fail(ErrorCode::data, "no JSON")} : alert_from_json(parsed);
        if (!alert) {
            logging::warning("an alert is not in the daily figures: it cannot be read",
                             {{"sequence", sequence}, {"reason", alert.error().message}});
            continue;
        }
        if (alert->created >= day_->then.until)
            day_->then.first = std::min(day_->then.first, sequence);
        else if (alert->created >= reached_->until || sequence > reached_->seen)
            day_->figures.count(*alert);
    }
    return !page->next;
}

/// Messages, what seals them and how far it came are one transaction.
Result<DailyFigures::Step> DailyFigures::tell(const Destinations& destinations, bool exercise) {
    AlertBatch batch;
    for (const std::string& agency : day_->figures.agencies())
        for (NewDelivery& message :
             destinations.figures(agency, day_->figures.of(agency), exercise))
            batch.messages.push_back(std::move(message));
    if (!batch.messages.empty()) {
        const std::string subject{kBookmark};
        const auto salts = history_.salts(subject);
        if (!salts) return std::unexpected(salts.error());
        const std::string salt = salts->empty() ? ledger::new_salt() : salts->front();
        if (salts->empty()) batch.salts.push_back({subject, salt});
        std::vector<ledger::Told> told;
        for (const auto& [to, type, body, lane] : batch.messages) told.push_back({to, type, body});
        batch.entries.push_back(
            ledger::figures_entry(reached_->until, day_->then.until, told, salt, clock_.now()));
    }
    batch.bookmarks[std::string(kBookmark)] = text_of(day_->then);
    if (auto stored = store_.commit(batch); !stored) return std::unexpected(stored.error());
    reached_ = day_->then;
    day_.reset();
    return batch.messages.empty() ? Step::more : Step::told;
}

Result<DailyFigures::Step> DailyFigures::step(std::shared_ptr<const Routing> routing,
                                              const Destinations& destinations, bool exercise) {
    if (!reached_)
        if (auto opened = open(); !opened) return std::unexpected(opened.error());
    if (!day_) {
        const Timestamp now = clock_.now();
        const Timestamp until = end_of_day(now);
        if (now < until) return Step::idle;
        if (auto begun = begin(std::move(routing), until); !begun)
            return std::unexpected(begun.error());
    }
    const auto whole = read_slice();
    if (!whole) {
        day_.reset();
        return std::unexpected(whole.error());
    }
    return *whole ? tell(destinations, exercise) : Result<Step>{Step::more};
}

}  // namespace kentongan
