// /api/v1/searches: questions that are saved under a name.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/store/query/parse.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kTextCap = 64;

json::object to_json(const SavedSearch& search) {
    return {{"name", search.name},
            {"owner", search.owner},
            {"query", search.query},
            {"updated", to_rfc3339(search.updated)}};
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kTextCap && std::ranges::all_of(name, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte != 0x7f && c != '/';
    });
}

/// What a body asks to save, or why not.
std::expected<SavedSearch, FieldError> search_of(const std::string& body) {
    boost::system::error_code bad;
    const json::value value = json::parse(body, bad);
    if (bad || !value.is_object())
        return std::unexpected(
            FieldError{"body", "expected a JSON object such as {\"query\": \"severity >= high\"}"});
    SavedSearch out;
    for (const auto& [name, member] : value.as_object()) {
        if (name != "query" && name != "owner")
            return std::unexpected(FieldError{name, "unknown member; known: query, owner"});
        if (!member.is_string()) return std::unexpected(FieldError{name, "expected a string"});
        (name == "query" ? out.query : out.owner) = member.as_string();
    }
    if (out.query.empty()) return std::unexpected(FieldError{"query", "is missing"});
    if (out.owner.size() > kTextCap) return std::unexpected(FieldError{"owner", "is too long"});
    return out;
}

Response bad_query(const Call& call, const std::string& text, const query::Refusal& refusal) {
    Response out = problem(400, refusal.message, call.request.target);
    json::value body = json::parse(out.body);
    body.as_object()["errors"] =
        json::array{json::object{{"parameter", "query"},
                                 {"detail", refusal.message},
                                 {"offset", refusal.offset},
                                 {"length", refusal.length},
                                 {"shown", query::pointed_out(text, refusal)}}};
    out.body = json::serialize(body);
    return out;
}

Task<Result<std::vector<SavedSearch>>> all_of(Service& service) {
    SearchStore* store = service.dependencies.searches;
    if (store == nullptr) co_return fail(ErrorCode::unavailable, "this store saves no searches");
    const auto read = [store] { return store->saved_searches(); };
    co_return co_await run_on(service.dependencies.store, read);
}

Response none_of_that_name(const Call& call) {
    return problem(404, "no search is saved under this name; GET /api/v1/searches lists them",
                   call.request.target);
}

}  // namespace

Task<Response> list_searches(Call call) {
    const auto all = co_await all_of(call.service);
    if (!all) co_return store_problem(call, all.error());
    json::array list;
    for (const SavedSearch& search : *all) list.push_back(to_json(search));
    co_return json_answer(call, json::serialize(json::object{{"searches", std::move(list)}}));
}

Task<Response> show_search(Call call) {
    const auto all = co_await all_of(call.service);
    if (!all) co_return store_problem(call, all.error());
    const auto found = std::ranges::find(*all, call.path.at("name"), &SavedSearch::name);
    if (found == all->end()) co_return none_of_that_name(call);
    co_return json_answer(call, json::serialize(to_json(*found)));
}

Task<Response> save_search(Call call) {
    auto wanted = search_of(call.request.body);
    if (!wanted)
        co_return problem(400, "the search is refused", call.request.target, {wanted.error()});
    wanted->name = call.path.at("name");
    if (!is_name(wanted->name))
        co_return problem(400, "a name has 1 to 64 bytes, without control characters",
                          call.request.target);
    wanted->updated = call.service.dependencies.clock.now();
    if (const auto parsed = query::parse(wanted->query, wanted->updated); !parsed)
        co_return bad_query(call, wanted->query, parsed.error());
    SearchStore* store = call.service.dependencies.searches;
    if (store == nullptr)
        co_return problem(503, "this store saves no searches", call.request.target);
    const auto save = [store, &wanted] { return store->save_search(*wanted); };
    const auto saved = co_await run_on(call.service.dependencies.store, save);
    if (!saved && saved.error().code == ErrorCode::usage)
        co_return problem(409, saved.error().message, call.request.target);
    if (!saved) co_return store_problem(call, saved.error());
    co_return json_answer(call, json::serialize(to_json(*wanted)));
}

Task<Response> delete_search(Call call) {
    const std::string name = call.path.at("name");
    SearchStore* store = call.service.dependencies.searches;
    if (store == nullptr) co_return none_of_that_name(call);
    const auto forget = [store, name] { return store->forget_search(name); };
    const auto gone = co_await run_on(call.service.dependencies.store, forget);
    if (!gone) co_return store_problem(call, gone.error());
    if (!*gone) co_return none_of_that_name(call);
    co_return json_answer(call, json::serialize(json::object{{"deleted", name}}));
}

}  // namespace kentongan::api
