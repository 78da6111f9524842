#include "daemon/api/searching.hpp"

#include <boost/json.hpp>

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaximumSearches = 8;

/// Counts a search for as long as it is under way.
class Place {
  public:
    explicit Place(Service& service) : service_(service) { ++service_.open_searches; }
    ~Place() { --service_.open_searches; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

  private:
    Service& service_;
};

/// Holds the one place on the store's thread.
class Turn {
  public:
    explicit Turn(Service& service) : service_(service) { service_.searching = true; }
    ~Turn() { service_.searching = false; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    Service& service_;
};

}  // namespace

Task<Result<SearchAnswer>> run_search(Service& service, SearchRequest request) {
    SearchStore* store = service.dependencies.searches;
    if (store == nullptr) co_return fail(ErrorCode::unavailable, "this store answers no questions");
    if (service.open_searches >= kMaximumSearches)
        co_return fail(ErrorCode::temporary, "{} searches are under way; ask again",
                       kMaximumSearches);
    const Place place{service};
    // Shared with the step on the other thread, which may outlast a cancelled request.
    const std::shared_ptr<Search> search = store->search(std::move(request));
    for (;;) {
        while (service.searching) co_await sleep_for(std::chrono::milliseconds{1});
        const Turn turn{service};
        const auto step = [search] { return search->step(); };
        const auto ready = co_await run_on(service.dependencies.store, step);
        if (!ready) co_return std::unexpected(ready.error());
        if (*ready) co_return std::move(search->answer());
    }
}

Response refuse_parameters(const Call& call, const AlertsWanted& wanted) {
    Response out = problem(400, "some parameters are refused", call.request.target, wanted.errors);
    if (!wanted.refusal) return out;
    json::value body = json::parse(out.body);
    for (auto& error : body.at("errors").as_array()) {
        auto& members = error.as_object();
        if (members["parameter"] != "q") continue;
        members["offset"] = wanted.refusal->offset;
        members["length"] = wanted.refusal->length;
        for (const auto& [name, value] : call.request.parsed.query)
            if (name == "q") members["shown"] = query::pointed_out(value, *wanted.refusal);
    }
    out.body = json::serialize(body);
    return out;
}

std::string partial_members(const SearchAnswer& answer) {
    if (answer.partial.empty()) return "\"partial\":false";
    return "\"partial\":true,\"reason\":" + json::serialize(json::value(answer.partial));
}

}  // namespace kentongan::api
