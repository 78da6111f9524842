// MemoryAlertStore's search: every alert is asked, one by one.
#include <algorithm>

#include "daemon/store/memory/memory_alert_store.hpp"

namespace kentongan {

namespace {

class Answered final : public Search {
  public:
    explicit Answered(SearchAnswer answer) { answer_ = std::move(answer); }
    Result<bool> step() override { return true; }
};

}  // namespace

Result<AlertPage> MemoryAlertStore::find(const AlertQuery& query,
                                         std::optional<std::int64_t> after) {
    SearchRequest request;
    request.where = query.where;
    request.newest_first = query.newest_first;
    request.limit = query.limit;
    request.after = after;
    return answer(request).page;
}

std::unique_ptr<Search> MemoryAlertStore::search(SearchRequest request) {
    return std::make_unique<Answered>(answer(request));
}

void MemoryAlertStore::put_page(const SearchRequest& request, SearchAnswer& out) const {
    const std::size_t limit = std::clamp<std::size_t>(request.limit, 1, 1000);
    const auto end = static_cast<std::int64_t>(alerts_.size());
    const std::int64_t step = request.newest_first ? -1 : 1;
    std::int64_t at = request.newest_first
                          ? std::min(request.after.value_or(end + 1), end + 1) - 1
                          : std::max<std::int64_t>(request.after.value_or(0), 0) + 1;
    for (; at >= 1 && at <= end; at += step) {
        const Row& row = alerts_[static_cast<std::size_t>(at - 1)];
        if (!query::matches(request.where, row.document)) continue;
        if (out.page.alerts.size() == limit) {
            out.page.next = out.page.alerts.back().sequence;
            return;
        }
        out.page.alerts.push_back({at, row.json});
    }
}

SearchAnswer MemoryAlertStore::answer(const SearchRequest& request) const {
    using query::Name;
    using What = SearchRequest::What;
    SearchAnswer out;
    if (request.what == What::page) {
        put_page(request, out);
        return out;
    }
    std::vector<const query::Document*> found;
    for (const Row& row : alerts_)
        if (query::matches(request.where, row.document)) found.push_back(&row.document);
    out.total = found.size();
    query::GroupTally groups;
    if (request.by && request.what == What::count)
        for (const query::Document* document : found) {
            const auto values = query::values_of(*document, *request.by);
            if (values.empty()) groups.add_without(1);
            for (const auto& value : values) groups.add(value, 1);
        }
    out.groups = groups.groups(std::clamp<std::size_t>(request.groups, 1, 1000));
    if (request.what != What::histogram) return out;
    query::Window window = query::window_of(request.where);
    Duration interval = request.interval;
    if (interval <= Duration{}) {
        query::Window held{0, 1};
        for (const Row& row : alerts_) {
            const std::int64_t at = row.document.value(Name::first_seen);
            held.low = &row == &alerts_.front() ? at : std::min(held.low, at);
            held.high = &row == &alerts_.front() ? at + 1 : std::max(held.high, at + 1);
        }
        const std::int64_t low = std::max(window.low, held.low);
        interval = query::chosen_interval(low, std::max(low + 1, std::min(window.high, held.high)));
    }
    query::HistogramTally bars{interval};
    for (const query::Document* document : found)
        if (!bars.add(document->value(Name::first_seen), 1))
            out.partial = query::HistogramTally::too_wide();
    out.histogram = bars.histogram();
    return out;
}

Result<std::vector<SavedSearch>> MemoryAlertStore::saved_searches() {
    std::vector<SavedSearch> out;
    for (const auto& [name, search] : saved_) out.push_back(search);
    return out;
}

Result<> MemoryAlertStore::save_search(const SavedSearch& search) {
    if (!saved_.contains(search.name) && saved_.size() >= kMaximumSaved) return too_many_searches();
    saved_[search.name] = search;
    return {};
}

Result<bool> MemoryAlertStore::forget_search(const std::string& name) {
    return saved_.erase(name) > 0;
}

}  // namespace kentongan
