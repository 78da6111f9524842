// The routes of triage, cases, suppressions, paused destinations and approvals: from a request to
// Casework and back.
#include <boost/json.hpp>

#include "daemon/api/casework.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/reader_view.hpp"
#include "daemon/api/wall_view.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestKey = 128;

Answer<json::object> body_of(const Request& request) {
    if (trim(request.body).empty()) return json::object{};
    boost::system::error_code bad;
    json::value value = json::parse(request.body, bad);
    if (bad || !value.is_object())
        return refuse(400, "the body is not a JSON object" + (bad ? ": " + bad.message() : ""));
    return std::move(value.as_object());
}

/// If-Match: a revision in quotes, which may go on after a dash ("7-4f2a…"), or *.
Answer<std::optional<std::int64_t>> revision_of(std::string_view header) {
    header = trim(header);
    if (header.empty() || header == "*") return std::optional<std::int64_t>{};
    if (header.starts_with("W/")) header.remove_prefix(2);
    if (header.size() > 2 && header.front() == '"' && header.back() == '"') {
        std::string_view tag = header.substr(1, header.size() - 2);
        if (const auto revision = parse_number<std::int64_t>(take_until(tag, '-'))) return revision;
    }
    return refuse(400, "If-Match: expected the entity tag of the alert or case, such as \"7\"");
}

Answer<Asker> asker_of(const Call& call) {
    const Request& request = call.request;
    const auto revision = revision_of(request.if_match);
    if (!revision) return std::unexpected(revision.error());
    if (request.idempotency_key.size() > kLongestKey)
        return refuse(400, "Idempotency-Key: at most 128 bytes");
    return Asker{
        .name = call.who.name,
        .revision = *revision,
        .key = request.idempotency_key,
        .request = sha256_hex(request.method + " " + request.target + "\n" + request.body)};
}

Response answer_of(const Call& call, const Answer<Done>& done) {
    if (!done) {
        Response response = problem(done.error().status, done.error().detail, call.request.target);
        if (done.error().status == 503) response.headers.emplace_back("Retry-After", "5");
        return response;
    }
    if (call.request.method != "POST" && !done->revision)
        return json_answer(call, json::serialize(done->body));
    Response response{.status = done->status, .type = "application/json"};
    response.body = json::serialize(done->body);
    if (done->revision)
        response.headers.emplace_back("ETag", fmt::format("\"{}\"", *done->revision));
    if (done->replayed) response.headers.emplace_back("Idempotency-Replayed", "true");
    return response;
}

Response no_casework(const Call& call) {
    return problem(404, "this listener keeps no cases", call.request.target);
}

/// `work(casework, asker, body)` on the store's thread.
template <class Work>
Task<Response> change(Call call, Work work) {
    Casework* casework = call.service.dependencies.casework;
    if (casework == nullptr) co_return no_casework(call);
    const auto asker = asker_of(call);
    if (!asker) co_return answer_of(call, std::unexpected(asker.error()));
    const auto body = body_of(call.request);
    if (!body) co_return answer_of(call, std::unexpected(body.error()));
    const auto run = [&] { return work(*casework, *asker, *body); };
    const Answer<Done> done = co_await run_on(call.service.dependencies.store, run);
    co_return answer_of(call, done);
}

template <class Work>
Task<Response> read(Call call, Work work) {
    Casework* casework = call.service.dependencies.casework;
    if (casework == nullptr) co_return no_casework(call);
    const auto run = [&] { return work(*casework); };
    const Answer<Done> done = co_await run_on(call.service.dependencies.store, run);
    co_return answer_of(call, done);
}

Task<Response> act(Call call, TriageVerb verb) {
    const std::string id = call.path.at("id");
    return change(std::move(call),
                  [id, verb](Casework& work, const Asker& asker, const json::object& body) {
                      return work.act(asker, id, verb, body);
                  });
}

using Change = Answer<Done> (Casework::*)(const Asker&, const std::string&, const json::object&);
Task<Response> change_by_id(Call call, Change member) {
    const std::string id = call.path.at("id");
    return change(std::move(call),
                  [id, member](Casework& work, const Asker& asker, const json::object& body) {
                      return (work.*member)(asker, id, body);
                  });
}

using Open = Answer<Done> (Casework::*)(const Asker&, const json::object&);
Task<Response> change_all(Call call, Open member) {
    return change(std::move(call),
                  [member](Casework& work, const Asker& asker, const json::object& body) {
                      return (work.*member)(asker, body);
                  });
}

using Show = Answer<Done> (Casework::*)(const std::string&);
Task<Response> read_by_id(Call call, Show member) {
    const std::string id = call.path.at("id");
    return read(std::move(call), [id, member](Casework& work) { return (work.*member)(id); });
}

Task<Response> decide(Call call, bool confirmed) {
    const std::string id = call.path.at("id");
    return change(std::move(call),
                  [id, confirmed](Casework& work, const Asker& asker, const json::object& body) {
                      return work.decide(asker, id, confirmed, body);
                  });
}

std::string parameter(const Call& call, std::string_view wanted) {
    for (const auto& [name, value] : call.request.parsed.query)
        if (name == wanted) return value;
    return {};
}

bool is_red(const json::object& record) {
    const auto* tlp = record.if_contains("tlp");
    return tlp != nullptr && *tlp == json::string_view{name_of(Tlp::red)};
}

/// As the reader may see it.
json::object case_for(Role role, json::object record) {
    const bool whole = role > Role::viewer || (role == Role::viewer && !is_red(record));
    return whole ? std::move(record) : wall_case(record);
}

/// What is told of a case at length may hold what its alerts say, TLP:RED among it.
void tell_of_case(const Call& call) {
    tell_of_reading(call.service, call.who.name, {"case:" + call.path.at("id")});
}

/// Whether a viewer may not read a case at length: it, or an alert in it, is TLP:RED.
Task<Result<bool>> is_red_for_viewer(const Call& call) {
    Casework* casework = call.service.dependencies.casework;
    if (call.who.role != Role::viewer || casework == nullptr) co_return false;
    const std::string id = call.path.at("id");
    const auto look = [&]() -> Result<bool> {
        const auto known = casework->show_case(id);
        if (known && is_red(known->body)) return true;
        AlertQuery red;
        red.limit = 1;
        red.where = query::Expression::all(
            {query::Expression::of(query::equals(query::Name::case_id, id)),
             query::Expression::of(query::equals(query::Name::tlp, name_of(Tlp::red)))});
        const auto page = call.service.dependencies.alerts.find(red, std::nullopt);
        if (!page) return std::unexpected(page.error());
        return !page->alerts.empty();
    };
    co_return co_await run_on(call.service.dependencies.store, look);
}

Response refuse_red(const Call& call) {
    return problem(403, "the case holds TLP:RED; this takes the role analyst or more",
                   call.request.target);
}

/// A document made of a case's facts.
Task<Response> document(Call call, std::string type, std::string (*write)(const ReportFacts&)) {
    Casework* casework = call.service.dependencies.casework;
    if (casework == nullptr) co_return no_casework(call);
    const std::string id = call.path.at("id");
    const auto red = co_await is_red_for_viewer(call);
    if (!red) co_return store_problem(call, red.error());
    if (*red) co_return refuse_red(call);
    tell_of_case(call);
    const auto run = [&] { return casework->report_facts(id); };
    const Answer<ReportFacts> facts = co_await run_on(call.service.dependencies.store, run);
    if (!facts) co_return answer_of(call, std::unexpected(facts.error()));
    co_return Response{.type = std::move(type), .body = write(*facts)};
}

}  // namespace

Task<Response> ack_alert(Call call) { return act(std::move(call), TriageVerb::ack); }
Task<Response> assign_alert(Call call) { return act(std::move(call), TriageVerb::assign); }
Task<Response> comment_alert(Call call) { return act(std::move(call), TriageVerb::comment); }
Task<Response> escalate_alert(Call call) { return act(std::move(call), TriageVerb::escalate); }
Task<Response> close_alert(Call call) { return act(std::move(call), TriageVerb::close); }
Task<Response> reopen_alert(Call call) { return act(std::move(call), TriageVerb::reopen); }
Task<Response> see_alert(Call call) {
    const std::string agency = call.who.agency;
    if (agency.empty())
        co_return problem(409, "it is for an agency's own people; yours acknowledge it with :ack",
                          call.request.target);
    const std::string id = call.path.at("id");
    const auto may = co_await may_read(call, id);
    if (!may) co_return store_problem(call, may.error());
    if (!*may) co_return problem(404, "no alert has the id " + id, call.request.target);
    co_return co_await change(
        std::move(call), [id, agency](Casework& work, const Asker& asker, const json::object&) {
            return work.seen(asker, agency, id);
        });
}
Task<Response> share_alert(Call call) { return change_by_id(std::move(call), &Casework::share); }
Task<Response> act_on_alerts(Call call) {
    return change_all(std::move(call), &Casework::act_on_many);
}
Task<Response> list_actions(Call call) {
    const auto may = co_await may_read(call, call.path.at("id"));
    if (!may) co_return store_problem(call, may.error());
    if (!*may) co_return problem(404, "no alert has this id", call.request.target);
    co_return co_await read_by_id(call, &Casework::actions);
}

Task<Response> list_cases(Call call) {
    const bool open_only = parameter(call, "state") == "open";
    const Role role = call.who.role;
    return read(std::move(call), [open_only, role](Casework& work) {
        auto done = work.cases(open_only);
        if (done)
            for (auto& one : done->body["cases"].as_array())
                one = case_for(role, std::move(one.as_object()));
        return done;
    });
}
Task<Response> open_case(Call call) { return change_all(std::move(call), &Casework::open_case); }
Task<Response> show_case(Call call) {
    const std::string id = call.path.at("id");
    const Role role = call.who.role;
    if (role > Role::wall) tell_of_case(call);
    return read(std::move(call), [id, role](Casework& work) {
        auto done = work.show_case(id);
        if (done) done->body = case_for(role, std::move(done->body));
        return done;
    });
}
Task<Response> change_case(Call call) {
    return change_by_id(std::move(call), &Casework::change_case);
}
Task<Response> change_case_alerts(Call call) {
    return change_by_id(std::move(call), &Casework::change_alerts);
}
Task<Response> close_case(Call call) {
    return change_by_id(std::move(call), &Casework::close_case);
}
Task<Response> show_timeline(Call call) {
    const auto red = co_await is_red_for_viewer(call);
    if (!red) co_return store_problem(call, red.error());
    if (*red) co_return refuse_red(call);
    tell_of_case(call);
    co_return co_await read_by_id(call, &Casework::timeline);
}

Task<Response> show_report(Call call) {
    const std::string format = parameter(call, "format");
    if (format == "text")
        return document(std::move(call), "text/plain; charset=utf-8", report_text);
    return document(std::move(call), "text/html; charset=utf-8", report_html);
}
Task<Response> show_statement(Call call) {
    return document(std::move(call), "text/plain; charset=utf-8", public_statement);
}

Task<Response> list_suppressions(Call call) {
    return read(std::move(call), [](Casework& work) { return work.suppressions(); });
}
Task<Response> create_suppression(Call call) {
    return change_all(std::move(call), &Casework::suppress);
}
Task<Response> end_suppression(Call call) {
    return change_by_id(std::move(call), &Casework::end_suppression);
}
Task<Response> pause_deliveries(Call call) {
    return change_by_id(std::move(call), &Casework::pause);
}
Task<Response> resume_deliveries(Call call) {
    return change_by_id(std::move(call), &Casework::resume);
}
Task<Response> list_approvals(Call call) {
    return read(std::move(call), [](Casework& work) { return work.approvals(); });
}
Task<Response> erase_evidence(Call call) { return change_all(std::move(call), &Casework::erase); }
Task<Response> confirm_approval(Call call) { return decide(std::move(call), true); }
Task<Response> refuse_approval(Call call) { return decide(std::move(call), false); }

Task<Response> show_session(Call call) {
    json::array powers;
    for (const auto power : may(call.who.role)) powers.emplace_back(power);
    json::object body{
        {"name", call.who.name}, {"role", name_of(call.who.role)}, {"may", std::move(powers)}};
    if (!call.who.agency.empty()) body["agency"] = call.who.agency;
    Service& service = call.service;
    const auto csrf = service.logins.csrf_of(call.request, service.dependencies.clock.now());
    if (!csrf.empty()) body["csrf"] = csrf;
    co_return json_answer(call, json::serialize(body));
}

}  // namespace kentongan::api
