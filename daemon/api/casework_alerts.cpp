// Triage of alerts: one, or many at once.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/api/casework.hpp"
#include "daemon/ledger/seals.hpp"
#include "daemon/store/query/parse.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

json::object place_json(const Place& place) {
    return {{"id", place.alert},          {"state", place.state},  {"reason", place.reason},
            {"assignee", place.assignee}, {"case", place.case_id}, {"revision", place.revision}};
}

}  // namespace

Answer<std::optional<Place>> Casework::place(const std::string& alert) {
    auto found = triage_.place(alert);
    if (!found) return refuse(found.error());
    return std::move(*found);
}

Answer<Place> Casework::place_for(const Asker& asker, const std::string& alert) {
    auto now = place(alert);
    if (!now) return std::unexpected(now.error());
    if (!*now) return refuse(404, "no alert has the id " + alert);
    if (asker.revision && *asker.revision != (*now)->revision)
        return refuse(412, fmt::format("alert {} is at revision {}, not {}: somebody changed it",
                                       alert, (*now)->revision, *asker.revision));
    const auto count = triage_.actions("alert:" + alert, kMostActions);
    if (!count) return refuse(count.error());
    if (count->size() >= kMostActions)
        return refuse(409, "this alert has 10000 acts already; work on its case instead");
    return std::move(**now);
}

Answer<Done> Casework::act(const Asker& asker, const std::string& alert, TriageVerb verb,
                           const json::object& body) {
    return once(asker, [&](TriageChange& change) {
        return act_in(change, asker, alert, verb, body, false);
    });
}

Answer<Done> Casework::act_in(TriageChange& change, const Asker& asker, const std::string& alert,
                              TriageVerb verb, const json::object& body, bool confirmed) {
    const auto reason = text_member(body, "reason", 32);
    const bool turns = verb == TriageVerb::close || verb == TriageVerb::reopen;
    const auto why = text_member(body, "why", 4000, turns);
    const auto text = text_member(body, "text", 4000, verb == TriageVerb::comment);
    const auto assignee = text_member(body, "assignee", 128);
    for (const auto* member : {&reason, &why, &text, &assignee})
        if (!*member) return std::unexpected(member->error());
    const auto before = place_for(asker, alert);
    if (!before) return std::unexpected(before.error());
    const Place& now = *before;
    TriageAct act{verb, *reason, *assignee};
    if (verb == TriageVerb::assign && act.assignee.empty()) act.assignee = asker.name;
    const auto after = advance(now, act);
    if (!after) return refuse(409, after.error().message);
    if (verb == TriageVerb::close && now.severity == Severity::critical && !confirmed &&
        needs_second())
        return ask_second(
            change, asker,
            {.action = "close",
             .object = "alert:" + alert,
             .why = *why,
             .request = json::serialize(json::object{{"alert", alert},
                                                     {"reason", *reason},
                                                     {"why", *why},
                                                     {"state", now.state},
                                                     {"severity", name_of(now.severity)}})});
    note(change,
         {.object = "alert:" + alert,
          .at = clock_.now(),
          .who = asker.name,
          .action = std::string(name_of(verb)),
          .from = now.state,
          .to = after->state,
          .why = verb == TriageVerb::close ? *reason + ": " + *why : *why,
          .comment = *text},
         after->revision, after->state,
         ledger::alert_place(after->reason, after->assignee, after->case_id));
    change.places.push_back(*after);
    Done done{.revision = after->revision};
    done.body = {{"pending", false}, {"alert", place_json(*after)}};
    return done;
}

namespace {

using Aim = Casework::Aim;

Answer<std::vector<Aim>> listed(const json::value& list, std::string_view name) {
    if (!list.is_array()) return refuse(400, fmt::format("{} is no list", name));
    if (list.as_array().size() > Casework::kMostInBulk)
        return refuse(400, fmt::format("{}: at most {}", name, Casework::kMostInBulk));
    std::vector<Aim> out;
    for (const json::value& one : list.as_array()) {
        Aim aim;
        const json::object* item = one.if_object();
        const json::value* id = item == nullptr ? &one : item->if_contains("id");
        if (id == nullptr || !id->is_string() || (item != nullptr) != (name == "items"))
            return refuse(400, name == "ids" ? "ids holds something that is no text"
                                             : "items holds something without an id");
        aim.alert = id->as_string();
        if (const auto* revision = item == nullptr ? nullptr : item->if_contains("revision")) {
            if (!revision->is_int64()) return refuse(400, "items: a revision is a whole number");
            aim.revision = revision->as_int64();
        }
        if (std::ranges::find(out, aim.alert, &Aim::alert) == out.end())
            out.push_back(std::move(aim));
    }
    return out;
}

/// {severity (at least), rule, ruleset, agency}.
Answer<query::Expression> narrowed_by(const json::object& wish) {
    std::vector<query::Expression> parts;
    const auto narrow = [&](query::Condition condition) {
        parts.push_back(query::Expression::of(std::move(condition)));
    };
    for (const auto& [name, value] : wish) {
        const auto text = text_member(wish, name, 256, true);
        if (!text) return std::unexpected(text.error());
        const auto severity = parse_severity(*text);
        if (name == "severity" && severity)
            narrow(query::range_of(query::Name::severity, static_cast<std::int64_t>(*severity),
                                   static_cast<std::int64_t>(Severity::critical)));
        else if (name == "rule" && !text->empty())
            narrow(query::equals(query::Name::rule_id, *text));
        else if (name == "agency" && !text->empty())
            narrow(query::equals(query::Name::agency, *text));
        else if (name == "ruleset" && parse_ruleset(*text))
            narrow(query::equals(query::Name::ruleset, *text));
        else
            return refuse(400,
                          fmt::format("query.{}: not a parameter, or not a value of it; known: "
                                      "severity, rule, ruleset, agency",
                                      std::string_view(name)));
    }
    return query::Expression::all(std::move(parts));
}

Answer<query::Expression> asked_for(const json::value& wish, Timestamp now) {
    if (wish.is_object()) return narrowed_by(wish.as_object());
    const json::string* text = wish.if_string();
    if (text == nullptr) return refuse(400, "query is neither a text nor an object");
    if (std::string_view{*text}.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return refuse(400, "query is empty: say which alerts are meant");
    auto parsed = query::parse(std::string_view{*text}, now);
    if (!parsed)
        return refuse(400, fmt::format("query: {} (at byte {})", parsed.error().message,
                                       parsed.error().offset));
    return std::move(*parsed);
}

}  // namespace

/// Which alerts an act on many is for.
Answer<std::vector<Aim>> Casework::aims_of(const json::object& body) {
    const json::value* given = nullptr;
    std::string_view by;
    for (const auto* name : {"ids", "items", "query"})
        if (const auto* member = body.if_contains(name)) {
            if (given != nullptr) return refuse(400, "give one of ids, items and query");
            given = member;
            by = name;
        }
    if (given == nullptr) return refuse(400, "give ids or items (lists), or query");
    if (by != "query") return listed(*given, by);
    auto where = asked_for(*given, clock_.now());
    if (!where) return std::unexpected(where.error());
    SearchRequest wanted;
    wanted.limit = kMostInBulk;
    wanted.where = std::move(*where);
    const auto answer = answer_of(searches_, std::move(wanted));
    if (!answer) return refuse(answer.error());
    if (!answer->partial.empty())
        return refuse(400, "query: too much work to answer at once; narrow it, by time for one");
    std::vector<Aim> out;
    for (const StoredAlert& alert : answer->page.alerts)
        out.push_back({.alert = id_in(alert.json), .revision = {}});
    return out;
}

Answer<Done> Casework::act_on_many(const Asker& asker, const json::object& body) {
    const auto action = text_member(body, "action", 16, true);
    if (!action) return std::unexpected(action.error());
    const auto verb = parse_verb(*action);
    if (!verb) return refuse(400, "action: ack, assign, comment, escalate, close or reopen");
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        const auto aims = aims_of(body);
        if (!aims) return std::unexpected(aims.error());
        std::size_t done = 0;
        json::array results;
        for (const Aim& aim : *aims) {
            Asker each = asker;
            each.revision = aim.revision;
            auto one = act_in(change, each, aim.alert, *verb, body, false);
            json::object result{{"id", aim.alert},
                                {"status", one ? one->status : one.error().status}};
            if (!one)
                result["detail"] = one.error().detail;
            else
                for (auto& [name, value] : one->body) result[name] = value;
            done += one ? 1 : 0;
            results.push_back(std::move(result));
        }
        Done out;
        out.body = {
            {"done", done}, {"failed", aims->size() - done}, {"results", std::move(results)}};
        return out;
    });
}

Answer<Done> Casework::seen(const Asker& asker, const std::string& agency,
                            const std::string& alert) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        const auto known = place(alert);
        if (!known) return std::unexpected(known.error());
        if (!*known) return refuse(404, "no alert has the id " + alert);
        const Timestamp now = clock_.now();
        const auto before = triage_.actions("agency:" + agency, kMostSeen);
        if (!before) return refuse(before.error());
        const auto done = [&](Timestamp at) {
            return Done{.body = {{"id", alert}, {"agency", agency}, {"seen", to_rfc3339(at)}}};
        };
        const Timestamp hour_ago = now - std::chrono::hours{1};
        for (const ActionRow& one : *before)
            if (one.comment == alert && one.at > hour_ago) return done(one.at);
        if (before->size() >= kMostSeen && before->front().at > hour_ago)
            return refuse(429, fmt::format("{} has said so of {} alerts within the hour; try again "
                                           "later",
                                           agency, kMostSeen));
        note(change,
             {.object = "agency:" + agency,
              .at = now,
              .who = asker.name,
              .action = "seen",
              .comment = alert},
             0, "");
        return done(now);
    });
}

Result<std::optional<Timestamp>> Casework::last_seen(const std::string& agency) {
    const auto acts = triage_.actions("agency:" + agency, 1);
    if (!acts) return std::unexpected(acts.error());
    if (acts->empty()) return std::nullopt;
    return acts->back().at;
}

Answer<Done> Casework::actions(const std::string& alert) {
    const auto known = place(alert);
    if (!known) return std::unexpected(known.error());
    if (!*known) return refuse(404, "no alert has the id " + alert);
    const auto rows = triage_.actions("alert:" + alert, kMostActions);
    if (!rows) return refuse(rows.error());
    json::array list;
    for (const ActionRow& row : *rows)
        list.push_back(json::object{{"at", to_rfc3339(row.at)},
                                    {"who", row.who},
                                    {"action", row.action},
                                    {"from", row.from},
                                    {"to", row.to},
                                    {"why", row.why},
                                    {"comment", row.comment}});
    Done out{.revision = (*known)->revision};
    out.body = {{"actions", std::move(list)}};
    return out;
}

}  // namespace kentongan::api
