#include "daemon/api/routes.hpp"

#include <algorithm>
#include <array>
#include <boost/system/system_error.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

// A fixed path stands before a {name} that would match it too.
constexpr std::array kRoutes{
    Route{"GET", "/", Access::open, false, "the operators' page", show_page}.sends("text/html"),
    Route{"GET", "/console.js", Access::open, false, "its program", show_page}.sends(
        "text/javascript"),
    Route{"GET", "/console.css", Access::open, false, "its style", show_page}.sends("text/css"),
    Route{"GET", "/icon.svg", Access::open, false, "its sign", show_page}.sends("image/svg+xml"),
    Route{"GET", "/-/healthy", Access::open, true, "200 while the process works", show_healthy}
        .gives("alive:boolean"),
    Route{"GET", "/-/ready", Access::open, true, "200 while alerts can be stored", show_ready}
        .gives("ready:boolean"),
    Route{"GET", "/metrics", Access::open, true, "Prometheus text format 0.0.4", show_metrics}
        .sends("text/plain"),
    Route{"POST", "/-/reload", Access::token, false,
          "reads settings, rules and certificates again, as SIGHUP does; on the machine itself",
          ask_reload, Role::admin}
        .gives("asked:boolean", 202),
    Route{"GET", "/api/v1/alerts", Access::token, false, "alerts, a page at a time", list_alerts,
          Role::agency}
        .asks("q limit:integer cursor order severity ruleset rule agency since until", true)
        .gives("alerts:array next_cursor:string/null partial:boolean reason?"),
    Route{"GET", "/api/v1/alerts/stream", Access::token, false,
          "new alerts as server-sent events, or as lines of JSON to Accept: application/x-ndjson",
          stream_alerts, Role::agency}
        .asks("q limit:integer cursor order severity ruleset rule agency since until", true)
        .sends("text/event-stream"),
    Route{"GET", "/api/v1/alerts/count", Access::token, false, "how many, by a field's values",
          count_alerts, Role::agency}
        .asks("q limit:integer by severity ruleset rule agency since until", true)
        .gives("total:integer by? groups:array? others:integer? without:integer? "
               "more_values_than_kept:boolean? partial:boolean reason?"),
    Route{"GET", "/api/v1/alerts/histogram", Access::token, false, "how many, over time",
          show_histogram, Role::agency}
        .asks("q interval severity ruleset rule agency since until", true)
        .gives("total:integer interval bars:array partial:boolean reason?"),
    Route{"GET", "/api/v1/alerts/{id}", Access::token, false, "one alert", show_alert, Role::agency}
        .gives("@timestamp ecs:object event:object rule:object message labels:object "
               "kentongan:object"),
    Route{"GET", "/api/v1/alerts/{id}/proof", Access::token, false,
          "where it stands in the ledger, with the hashes that prove it", show_proof}
        .gives("index:integer entry leaf tree_size:integer root hashes:array checkpoint "
               "cosigned:array"),
    Route{"GET", "/api/v1/alerts/{id}/packets", Access::token, false,
          "what the capture kept of an alert's traffic, as pcapng", show_packets}
        .sends("application/x-pcapng"),
    Route{"GET", "/api/v1/alerts/{id}/context", Access::token, false,
          "a log line of the evidence among those around it: evidence (its number, from 0)",
          show_context}
        .asks("evidence:integer", true)
        .gives("state file before:array record:array after:array"),
    Route{"GET", "/api/v1/searches", Access::token, false, "saved searches", list_searches}.gives(
        "searches:array"),
    Route{"GET", "/api/v1/searches/{name}", Access::token, false, "one of them", show_search}.gives(
        "name owner query updated"),
    Route{"PUT", "/api/v1/searches/{name}", Access::token, false, "saves a search", save_search,
          Role::analyst}
        .takes("query owner?")
        .gives("name owner query updated"),
    Route{"DELETE", "/api/v1/searches/{name}", Access::token, false, "deletes a saved search",
          delete_search, Role::analyst}
        .gives("deleted"),
    Route{"POST", "/api/v1/evidence", Access::token, false,
          "a package of evidence of alerts (id=…, more than one; case, why, for), as ZIP",
          export_evidence, Role::analyst}
        .asks("id! why! case for", true)
        .sends("application/zip"),
    Route{"POST", "/api/v1/evidence:handover", Access::token, false,
          "a package changes hands: package (its SHA-256), alerts, to, why", hand_over_evidence,
          Role::analyst}
        .takes("package alerts:array to why")
        .gives("package who to alerts:integer"),
    Route{"POST", "/api/v1/evidence:erase", Access::token, false,
          "destroys what identifies people: object (alert:ID, case:ID), ground", erase_evidence,
          Role::lead}
        .takes("object ground")
        .or_waits(),
    Route{"GET", "/api/v1/deliveries", Access::token, false, "what each agency has and waits for",
          list_deliveries, Role::agency}
        .gives("deliveries:array"),
    Route{"POST", "/api/v1/deliveries/{destination}:retry", Access::token, false,
          "queues an agency's dead messages again", retry_deliveries, Role::lead}
        .gives("destination revived:integer"),
    Route{"POST", "/api/v1/deliveries/{destination}:replay", Access::token, false,
          "queues again what was committed for a destination in a time", replay_deliveries,
          Role::lead}
        .asks("since! until!")
        .gives("destination queued:integer"),
    Route{"POST", "/api/v1/deliveries/{id}:pause", Access::token, false,
          "sends a destination nothing for now; its messages wait", pause_deliveries, Role::lead}
        .takes("why")
        .or_waits(),
    Route{"POST", "/api/v1/deliveries/{id}:resume", Access::token, false,
          "sends a paused destination what waits for it", resume_deliveries, Role::lead}
        .takes("why?"),
    Route{"GET", "/api/v1/messages", Access::token, false,
          "messages to destinations and what became of them, newest first", list_messages}
        .asks("destination alert state before:integer limit:integer", true)
        .gives("messages:array next_before:integer?"),
    Route{"GET", "/api/v1/messages/{sequence}", Access::token, false,
          "one message with its body and receipt", show_message}
        .gives("sequence:integer message_id destination alert type lane state attempts:integer "
               "committed detail settled:string/null body"),
    Route{"GET", "/api/v1/coverage", Access::token, false, "uploads by area, with a forecast",
          show_coverage, Role::agency}
        .asks("area at", true)
        .gives("time whole:object areas:array? tps:array?"),
    Route{"GET", "/api/v1/coverage/series", Access::token, false, "uploads of an area over time",
          show_series, Role::wall}
        .asks("area")
        .gives("times:array received:array due:array ahead:object"),
    Route{"GET", "/api/v1/sensors", Access::token, false,
          "every source: alive, rates, blind spots (for people, and by code)", show_sensors,
          Role::wall}
        .gives("sensors:array"),
    Route{"GET", "/api/v1/services", Access::token, false,
          "the watched services: requests, errors, latency", show_services, Role::wall}
        .gives("services:array"),
    Route{"GET", "/api/v1/rules", Access::token, false, "rules: loaded, left out, failed",
          list_rules}
        .gives("rules:array"),
    Route{"GET", "/api/v1/rules/noise", Access::token, false,
          "alerts of each rule, how many were false or benign, and what to do", show_noise}
        .asks("since", true)
        .gives("since until hours:number rules:array"),
    Route{"GET", "/api/v1/rules/{id}", Access::token, false, "a rule's text", show_rule}.gives(
        "id file text"),
    Route{"GET", "/api/v1/settings", Access::token, false, "settings in force, and where from",
          show_settings}
        .gives("toml"),
    Route{"GET", "/api/v1/evidence", Access::token, false, "the head of the ledger", show_evidence,
          Role::wall}
        .gives("size:integer waiting:integer checkpoint_time:string/null failure witnesses:array"),
    Route{"GET", "/api/v1/status", Access::token, false, "the sensor's state", show_status,
          Role::agency}
        .gives("name version now ready:boolean reasons:array reason_codes:array alerts:object"),
    Route{"GET", "/api/v1/drill", Access::token, false,
          "the score so far of the drill that feeds this daemon", show_drill, Role::wall}
        .gives("passed:boolean scenarios:array false_alarms:array unmarked:array"),
    Route{"GET", "/api/v1/openapi.json", Access::open, false, "this description", show_openapi}
        .gives("openapi info:object paths:object components:object"),
    Route{"POST", "/api/v1/session", Access::open, false, "logs in: name, password, code",
          begin_session}
        .takes("name password? code?")
        .gives("logged_in:boolean"),
    Route{"DELETE", "/api/v1/session", Access::token, false, "logs out", end_session, Role::agency}
        .gives("", 204),
    Route{"GET", "/api/v1/session", Access::token, false, "who asks, and what they may",
          show_session, Role::agency}
        .gives("name role may:array agency? csrf?"),
    Route{"POST", "/api/v1/alerts:bulk", Access::token, false,
          "one act on many alerts, with a result for each", act_on_alerts, Role::analyst}
        .takes("action ids:array? items:array? query:object/string? reason? why? text? assignee?")
        .gives("done:integer failed:integer results:array"),
    Route{"POST", "/api/v1/alerts/{id}:ack", Access::token, false, "somebody has seen it",
          ack_alert, Role::analyst}
        .takes("reason? why? text?"),
    Route{"POST", "/api/v1/alerts/{id}:assign", Access::token, false, "somebody works on it",
          assign_alert, Role::analyst}
        .takes("assignee? why? text?"),
    Route{"POST", "/api/v1/alerts/{id}:comment", Access::token, false, "a word about it",
          comment_alert, Role::analyst}
        .takes("text"),
    Route{"POST", "/api/v1/alerts/{id}:escalate", Access::token, false, "to those who decide",
          escalate_alert, Role::analyst}
        .takes("reason? why? text?"),
    Route{"POST", "/api/v1/alerts/{id}:close", Access::token, false, "done, for a reason",
          close_alert, Role::analyst}
        .takes("reason? why? text?")
        .or_waits(),
    Route{"POST", "/api/v1/alerts/{id}:reopen", Access::token, false, "not done after all",
          reopen_alert, Role::analyst}
        .takes("reason? why? text?"),
    Route{"POST", "/api/v1/alerts/{id}:seen", Access::token, false,
          "an agency's person has read what it was sent", see_alert, Role::agency}
        .gives("id agency seen"),
    Route{"POST", "/api/v1/alerts/{id}:share", Access::token, false,
          "sends it to an agency after a review, as its row of the routing lets it out",
          share_alert, Role::lead}
        .takes("agency why")
        .gives("pending:boolean agency destinations:array")
        .or_waits(),
    Route{"GET", "/api/v1/alerts/{id}/actions", Access::token, false,
          "who did what with it, when and why", list_actions}
        .gives("actions:array"),
    Route{"GET", "/api/v1/cases", Access::token, false, "cases with their clocks, newest first",
          list_cases, Role::wall}
        .asks("state")
        .gives("cases:array partial:boolean"),
    Route{"POST", "/api/v1/cases", Access::token, false, "opens a case", open_case, Role::analyst}
        .takes("title alerts:array? owner? description? impact? severity? tlp? breach:boolean? "
               "discovered? reported? notified?")
        .gives("id alerts:integer clocks:array", 201),
    Route{"POST", "/api/v1/cases/{id}:close", Access::token, false, "closes it with a summary",
          close_case, Role::analyst}
        .takes("summary")
        .gives("id alerts:integer clocks:array"),
    Route{"GET", "/api/v1/cases/{id}", Access::token, false, "one case", show_case, Role::wall}
        .gives("id alerts:integer clocks:array"),
    Route{"POST", "/api/v1/cases/{id}", Access::token, false, "changes what is said of it",
          change_case, Role::analyst}
        .takes("title? owner? description? impact? severity? tlp? breach:boolean? discovered? "
               "reported? notified?")
        .gives("id alerts:integer clocks:array"),
    Route{"POST", "/api/v1/cases/{id}/alerts", Access::token, false,
          "adds and removes alerts: add, remove", change_case_alerts, Role::analyst}
        .takes("add:array? remove:array?")
        .gives("id alerts:integer clocks:array"),
    Route{"GET", "/api/v1/cases/{id}/timeline", Access::token, false,
          "alerts, acts and notifications in time order", show_timeline}
        .gives("timeline:array partial:boolean"),
    Route{"GET", "/api/v1/cases/{id}/report", Access::token, false,
          "the report of BSSN 1/2024 art. 15: format (html, text)", show_report}
        .asks("format")
        .sends("text/html"),
    Route{"GET", "/api/v1/cases/{id}/statement", Access::token, false,
          "a draft for the public, TLP:CLEAR", show_statement}
        .sends("text/plain"),
    Route{"GET", "/api/v1/suppressions", Access::token, false, "what is silenced, and until when",
          list_suppressions}
        .gives("suppressions:array"),
    Route{"POST", "/api/v1/suppressions", Access::token, false, "silences, with reason and expiry",
          create_suppression, Role::lead}
        .takes("rule_id? entity? source_ip? reason expires")
        .gives("id?", 201)
        .or_waits(),
    Route{"POST", "/api/v1/suppressions/{id}:end", Access::token, false, "ends one early",
          end_suppression, Role::lead}
        .takes("why?"),
    Route{"GET", "/api/v1/approvals", Access::token, false, "what waits for a second person",
          list_approvals}
        .gives("approvals:array"),
    Route{"POST", "/api/v1/approvals/{id}:confirm", Access::token, false, "the second person's yes",
          confirm_approval, Role::lead}
        .takes("why?"),
    Route{"POST", "/api/v1/approvals/{id}:refuse", Access::token, false, "the second person's no",
          refuse_approval, Role::lead}
        .takes("why?"),
};

/// Matches one segment against "text", "{name}" or "{name}suffix".
bool match_segment(std::string_view pattern, const std::string& segment, Call& call) {
    if (!pattern.starts_with('{')) return pattern == segment;
    const auto close = pattern.find('}');
    const std::string_view suffix = pattern.substr(close + 1);
    if (segment.size() <= suffix.size() || !segment.ends_with(suffix)) return false;
    call.path[std::string{pattern.substr(1, close - 1)}] =
        segment.substr(0, segment.size() - suffix.size());
    return true;
}

bool match(std::string_view pattern, Call& call) {
    call.path.clear();
    pattern.remove_prefix(1);
    for (const std::string& segment : call.request.parsed.segments) {
        if (pattern.empty() || !match_segment(take_until(pattern, '/'), segment, call))
            return false;
    }
    return pattern.empty();
}

struct Choice {
    const Route* route = nullptr;
    std::string allow;  ///< methods of the routes of this path, when none has the method asked for
};

Choice choose(Call& call, bool metrics_only) {
    Choice out;
    const bool head = call.request.method == "HEAD";
    for (const Route& route : kRoutes) {
        if ((metrics_only && !route.on_metrics_listener) || !match(route.pattern, call)) continue;
        if (route.method == call.request.method || (head && route.method == "GET")) {
            out.route = &route;
            return out;
        }
        if (out.allow.contains(route.method)) continue;
        (out.allow.empty() ? out.allow : out.allow += ", ") += route.method;
        if (route.method == "GET") out.allow += ", HEAD";
    }
    return out;
}

bool is_json(std::string_view type) {
    return equals_ignoring_case(trim(take_until(type, ';')), "application/json");
}

/// A browser shows a certificate or a cookie for whatever page asks, so a change must not come from
/// a page of another site; and what it brings must be JSON, which no form of another site can send.
std::optional<Response> refuse_forged(const Request& request) {
    if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
    if (!request.fetch_site.empty() && request.fetch_site != "same-origin" &&
        request.fetch_site != "none")
        return problem(403, "changes are not taken from pages of other sites", request.target);
    if (!request.body.empty() && !is_json(request.content_type))
        return problem(415, "a body is sent as Content-Type: application/json", request.target);
    return std::nullopt;
}

/// Parameters that a route does not know, said with what it knows.
std::vector<FieldError> unknown_parameters(const Route& route, const Target& target) {
    std::vector<FieldError> out;
    if (route.refuses_unknown) return out;
    std::vector<std::string_view> names;
    for (const Member& one : members_of(route.query)) names.push_back(one.name);
    for (const auto& [name, value] : target.query) {
        if (std::ranges::find(names, name) != names.end()) continue;
        const auto near = nearest_word(name, names);
        out.push_back({printable_utf8(name, 40),
                       names.empty() ? "unknown parameter; there are none here"
                       : near.empty()
                           ? fmt::format("unknown parameter; known: {}", fmt::join(names, ", "))
                           : fmt::format("unknown parameter; did you mean {}?", near)});
    }
    return out;
}

/// By token, by a certificate that a token line names, or by the cookie of a login.
std::optional<Identity> identify(Service& service, const Request& request) {
    const auto used = [&](std::optional<Identity> who, const char* method) {
        if (who && service.dependencies.logged_in)
            service.dependencies.logged_in({.outcome = LoginEvent::Outcome::used,
                                            .name = who->name,
                                            .method = method,
                                            .address = request.peer.to_string()});
        return who;
    };
    if (!request.authorization.empty())
        return used(service.tokens.accept(request.authorization), "token");
    if (!request.client.empty())
        if (auto machine = service.tokens.of_certificate(request.client))
            return used(std::move(machine), "certificate");
    return service.logins.identify(request, service.dependencies.clock.now());
}

/// Of a name that is known, else of an address.
Duration limit(Service& service, const Request& request, const std::optional<Identity>& who) {
    const std::string client =
        who && !who->name.empty() ? "name " + who->name : "address " + request.peer.to_string();
    const Duration wait = service.limit.take(client, service.dependencies.clock.now());
    if (wait > Duration{}) service.dependencies.metrics.http_limited.with().add();
    return wait;
}

Response refuse_access(const Call& call) {
    const std::string_view detail =
        call.service.tokens.empty() && call.service.logins.empty()
            ? "no token is configured, so nobody has access: write one to a file (openssl rand "
              "-hex 32), name the file as api.token_file and reload"
            : "send the header Authorization: Bearer TOKEN with a token of api.token_file, or log "
              "in "
              "(POST /api/v1/session) and send the session's X-CSRF-Token with every change";
    Response response = problem(401, detail, call.request.target);
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"kentongan\"");
    return response;
}

Task<Response> run_handler(const Route& route, Call call) {
    std::string failure;
    try {
        co_return co_await route.answer(call);
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted) throw;
        failure = error.what();
    } catch (const std::exception& error) {
        failure = error.what();
    }
    co_return problem(500, "this is a fault of ours: " + failure, call.request.target);
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

std::vector<Member> members_of(std::string_view words, bool required) {
    std::vector<Member> out;
    while (!words.empty()) {
        std::string_view word = take_until(words, ' ');
        Member one{.name = {}, .type = {}, .required = required};
        if (word.ends_with('?') || word.ends_with('!')) {
            one.required = word.ends_with('!');
            word.remove_suffix(1);
        }
        one.name = take_until(word, ':');
        one.type = word.empty() ? "string" : word;
        out.push_back(one);
    }
    return out;
}

void finish_response(Service& service, std::string_view route, bool is_api, Response& response) {
    auto& headers = response.headers;
    headers.emplace_back("Content-Security-Policy",
                         "default-src 'self'; base-uri 'none'; form-action 'none'; "
                         "frame-ancestors 'none'; object-src 'none'");
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    headers.emplace_back("Referrer-Policy", "no-referrer");
    headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    headers.emplace_back("Cache-Control", is_api ? "no-store" : "no-cache");
    service.dependencies.metrics.http_requests
        .with({route, fmt::format("{}xx", response.status / 100)})
        .add();
}

Task<Response> respond(Service& service, const Request& request, bool metrics_only) {
    Call call{.service = service, .request = request};
    const auto& segments = request.parsed.segments;
    const bool is_api = !segments.empty() && segments[0] == "api";
    const Choice choice = choose(call, metrics_only);
    const bool locked = choice.route != nullptr ? choice.route->access == Access::token : is_api;
    const bool guarded = is_api || locked;
    Response response;
    const auto who = locked ? identify(service, request) : Identity{};
    const Duration wait = guarded ? limit(service, request, who) : Duration{};
    if (wait > Duration{}) {
        response = problem(429, "too many requests from here", request.target);
        response.headers.emplace_back("Retry-After",
                                      fmt::format("{:.0f}", std::max(1.0, to_seconds(wait))));
    } else if (auto forged = guarded ? refuse_forged(request) : std::nullopt) {
        response = std::move(*forged);
    } else if (!who) {
        response = refuse_access(call);
    } else if (locked && choice.route != nullptr && who->role < choice.route->least) {
        response = problem(403,
                           fmt::format("{} is {}; this takes the role {} or more", who->name,
                                       name_of(who->role), name_of(choice.route->least)),
                           request.target);
    } else if (choice.route != nullptr) {
        call.who = *who;
        const auto wrong =
            guarded ? unknown_parameters(*choice.route, request.parsed) : std::vector<FieldError>{};
        if (wrong.empty())
            response = co_await run_handler(*choice.route, call);
        else
            response = problem(400, "some parameters are refused", request.target, wrong);
    } else if (!choice.allow.empty()) {
        response = problem(405, "this path takes " + choice.allow, request.target);
        response.headers.emplace_back("Allow", choice.allow);
    } else {
        response = problem(404, "there is nothing here", request.target);
    }
    finish_response(service, choice.route ? choice.route->pattern : "none", is_api, response);
    co_return response;
}

Response store_problem(const Call& call, const Error& error) {
    Response response = problem(503, error.within("the store").message, call.request.target);
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

void tell_of_reading(Service& service, const std::string& who, std::vector<std::string> objects) {
    const Dependencies& has = service.dependencies;
    if (objects.empty() || !has.read_red) return;
    for (auto& [name, read] : service.red_reads.read(who, std::move(objects), has.clock.now()))
        has.read_red(name, std::move(read));
}

Response json_answer(const Call& call, std::string body) {
    const std::string etag = fmt::format("\"{}\"", sha256_hex(body).substr(0, 32));
    Response response{.type = "application/json"};
    response.headers.emplace_back("ETag", etag);
    if (call.request.method != "POST" && call.request.if_none_match == etag)
        response.status = 304;
    else
        response.body = std::move(body);
    return response;
}

}  // namespace kentongan::api
