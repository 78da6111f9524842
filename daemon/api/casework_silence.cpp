// Suppressions, and the approvals of a second person.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/api/casework.hpp"
#include "daemon/base/id.hpp"
#include "daemon/ledger/entry.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

json::object suppression_json(const Suppression& one) {
    return {{"id", one.id},
            {"rule_id", one.rule_id},
            {"entity", one.entity},
            {"source_ip", one.source_ip},
            {"reason", one.reason},
            {"owner", one.owner},
            {"begins", to_rfc3339(one.begins)},
            {"expires", to_rfc3339(one.expires)}};
}

}  // namespace

Result<> Casework::announce_suppressions() {
    if (!options_.suppress_by) return {};
    auto list = triage_.suppressions(clock_.now(), kMostSuppressions);
    if (!list) return std::unexpected(list.error());
    options_.suppress_by(std::make_shared<const Suppressions>(std::move(*list)));
    return {};
}

Answer<Done> Casework::suppressions() {
    const auto list = triage_.suppressions(clock_.now(), kMostSuppressions);
    if (!list) return refuse(list.error());
    json::array out;
    for (const Suppression& one : *list) out.push_back(suppression_json(one));
    Done done;
    done.body = {{"suppressions", std::move(out)}};
    return done;
}

Answer<Suppression> Casework::suppression_of(const Asker& asker, const json::object& body) const {
    const auto rule = text_member(body, "rule_id", 256);
    const auto entity = text_member(body, "entity", 512);
    const auto source = text_member(body, "source_ip", 64);
    const auto reason = text_member(body, "reason", 2000, true);
    const auto expires = text_member(body, "expires", 64, true);
    for (const auto* text : {&rule, &entity, &source, &reason, &expires})
        if (!*text) return std::unexpected(text->error());
    if (rule->empty() && source->empty() && entity->find_first_not_of("*?") == std::string::npos)
        return refuse(
            400,
            "name a rule_id, an entity or a source_ip: a suppression of everything is refused");
    if (!source->empty() && !IpNetwork::parse(*source) && !IpAddress::parse(*source))
        return refuse(400, "source_ip: expected a network such as 203.0.113.0/24 or an address");
    const auto until = parse_rfc3339(*expires);
    const Timestamp now = clock_.now();
    if (!until || *until <= now)
        return refuse(400, "expires: expected a time to come, such as 2024-11-27T06:00:00Z");
    if (*until > now + options_.longest_suppression)
        return refuse(400, fmt::format("expires: at most {} hours from now",
                                       options_.longest_suppression.count() / 3600));
    return Suppression{.id = content_id(now, ledger::new_salt()),
                       .rule_id = *rule,
                       .entity = *entity,
                       .source_ip = *source,
                       .reason = *reason,
                       .owner = asker.name,
                       .begins = now,
                       .expires = *until};
}

Answer<Done> Casework::suppress(const Asker& asker, const json::object& body) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        auto wanted = suppression_of(asker, body);
        if (!wanted) return std::unexpected(wanted.error());
        if (needs_second(wanted->expires))
            return ask_second(change, asker,
                              {.action = "suppress",
                               .object = "suppression:" + wanted->id,
                               .why = wanted->reason,
                               .request = json::serialize(body)});
        return suppress_in(change, asker, std::move(*wanted));
    });
}

Answer<Done> Casework::suppress_in(TriageChange& change, const Asker& asker, Suppression wanted) {
    const auto active = triage_.suppressions(clock_.now(), kMostSuppressions);
    if (!active) return refuse(active.error());
    if (active->size() >= kMostSuppressions)
        return refuse(409, "1000 suppressions are in force; end some first");
    note(change,
         {.object = "suppression:" + wanted.id,
          .at = clock_.now(),
          .who = asker.name,
          .action = "suppress",
          .to = "in_force",
          .why = wanted.reason,
          .comment = fmt::format("rule {} entity {} source {} until {}", wanted.rule_id,
                                 wanted.entity, wanted.source_ip, to_rfc3339(wanted.expires))},
         0, "in_force", sealed_text(wanted));
    Done done{.status = 201, .body = suppression_json(wanted)};
    done.body["pending"] = false;
    change.suppressions.push_back(std::move(wanted));
    return done;
}

Answer<Done> Casework::end_suppression(const Asker& asker, const std::string& id,
                                       const json::object& body) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        const auto why = text_member(body, "why");
        if (!why) return std::unexpected(why.error());
        auto known = triage_.find_suppression(id);
        if (!known) return refuse(known.error());
        if (!*known) return refuse(404, "no suppression has the id " + id);
        if ((*known)->expires <= clock_.now()) return refuse(409, "it has ended already");
        Suppression ended = std::move(**known);
        ended.expires = clock_.now();
        note(change,
             {.object = "suppression:" + id,
              .at = clock_.now(),
              .who = asker.name,
              .action = "end_suppression",
              .from = "in_force",
              .to = "ended",
              .why = *why},
             0, "ended", sealed_text(ended));
        Done done{.body = suppression_json(ended)};
        change.suppressions.push_back(std::move(ended));
        return done;
    });
}

Answer<Done> Casework::approvals() {
    const auto list = triage_.pending_approvals(kMostPending);
    if (!list) return refuse(list.error());
    json::array out;
    for (const Approval& one : *list)
        if (one.expires > clock_.now()) out.push_back(kentongan::to_json(one));
    Done done;
    done.body = {{"approvals", std::move(out)}};
    return done;
}

Result<std::string> Casework::ask_change(const std::string& object, const std::string& why) {
    const auto pending = triage_.pending_approvals(kMostPending);
    if (!pending) return std::unexpected(pending.error());
    for (const Approval& one : *pending)
        if (one.object == object && one.expires > clock_.now()) return one.id;
    const Asker asker{.name = "local"};
    const auto asked = once(asker, [&](TriageChange& change) {
        return ask_second(
            change, asker,
            {.action = "change", .object = object, .why = why, .request = "{}", .confirmers = 2});
    });
    if (!asked) return fail(ErrorCode::unavailable, "{}", asked.error().detail);
    return std::string(asked->body.at("approval").as_string());
}

Answer<Done> Casework::decide(const Asker& asker, const std::string& id, bool confirmed,
                              const json::object& body) {
    std::string permitted;
    auto decided = once(asker, [&](TriageChange& change) -> Answer<Done> {
        const auto why = text_member(body, "why");
        if (!why) return std::unexpected(why.error());
        auto known = triage_.find_approval(id);
        if (!known) return refuse(known.error());
        if (!*known) return refuse(404, "no approval has the id " + id);
        Approval approval = std::move(**known);
        if (approval.state != "pending") return refuse(409, "it is " + approval.state + " already");
        if (approval.expires <= clock_.now())
            return refuse(409, "it expired at " + to_rfc3339(approval.expires) + "; ask again");
        if (confirmed && approval.asked_by == asker.name)
            return refuse(403,
                          "you asked for it, so another person must confirm it (each person "
                          "needs a token with a name of their own)");
        auto& yes = approval.confirmed_by;
        if (confirmed && std::ranges::find(yes, asker.name) != yes.end())
            return refuse(403, "you said yes already, so another person must confirm it, too");
        if (confirmed) yes.push_back(asker.name);
        Answer<Done> done = Done{};
        if (!confirmed || yes.size() >= approval.confirmers) {
            approval.state = confirmed ? "confirmed" : "refused";
            approval.decided_by = asker.name;
            approval.decided = clock_.now();
            approval.decided_why = *why;
            if (confirmed && approval.action == "change")
                permitted = approval.object;
            else if (confirmed)
                done = perform(change, approval, asker.name);
            if (!done) return done;
        }
        note(change,
             {.object = "approval:" + id,
              .at = clock_.now(),
              .who = asker.name,
              .action = confirmed ? "confirm" : "refuse",
              .from = "pending",
              .to = approval.state,
              .why = *why,
              .comment = approval.object},
             0, approval.state, json::serialize(kentongan::to_json(approval)));
        done->body["pending"] = approval.state == "pending";
        done->body["approval"] = kentongan::to_json(approval);
        done->status = 200;
        change.approvals.push_back(std::move(approval));
        return done;
    });
    if (decided && !permitted.empty() && options_.permit) options_.permit(std::move(permitted));
    return decided;
}

/// A yes is to closing or sharing the alert that was seen, not to what became of it meanwhile.
Answer<bool> Casework::as_it_was(const std::string& alert, const json::object& asked) {
    const auto now = place(alert);
    if (!now) return std::unexpected(now.error());
    if (!*now) return refuse(404, "no alert has the id " + alert);
    const auto was = [&](std::string_view name) { return text_member(asked, name, 32); };
    if (was("state") == (*now)->state && was("severity") == name_of((*now)->severity)) return true;
    return refuse(412, fmt::format("alert {} is {} and {} by now, not as it was when this "
                                   "was asked for; refuse it and ask again",
                                   alert, name_of((*now)->severity), (*now)->state));
}

Answer<Done> Casework::perform(TriageChange& change, const Approval& approval,
                               const std::string& confirmed_by) {
    boost::system::error_code bad;
    const auto request = json::parse(approval.request, bad);
    if (bad || !request.is_object()) return refuse(500, "what was asked for cannot be read");
    json::object body = request.as_object();
    const Asker asked{.name = approval.asked_by};
    if (approval.action == "close" || approval.action == "share") {
        body["text"] = "confirmed by " + confirmed_by;
        const auto alert = text_member(body, "alert", 64, true);
        if (!alert) return std::unexpected(alert.error());
        if (auto same = as_it_was(*alert, body); !same) return std::unexpected(same.error());
        if (approval.action == "share") return share_in(change, asked, *alert, body, true);
        return act_in(change, asked, *alert, TriageVerb::close, body, true);
    }
    if (approval.action == "pause")
        return turn(change, asked, approval.object.substr(approval.object.find(':') + 1), true,
                    approval.why);
    if (approval.action == "erase") return erase_in(change, asked, approval.object, approval.why);
    auto wanted = suppression_of(asked, body);
    if (!wanted) return std::unexpected(wanted.error());
    wanted->id = approval.object.substr(approval.object.find(':') + 1);
    return suppress_in(change, asked, std::move(*wanted));
}

}  // namespace kentongan::api
