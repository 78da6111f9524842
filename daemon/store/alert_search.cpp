#include "daemon/store/alert_search.hpp"

namespace kentongan {

std::unexpected<Error> too_many_searches() {
    return fail(ErrorCode::usage, "{} searches are saved already; delete one first",
                SearchStore::kMaximumSaved);
}

Result<SearchAnswer> answer_of(SearchStore& store, SearchRequest request) {
    const std::unique_ptr<Search> search = store.search(std::move(request));
    for (;;) {
        const auto ready = search->step();
        if (!ready) return std::unexpected(ready.error());
        if (*ready) return std::move(search->answer());
    }
}

}  // namespace kentongan
