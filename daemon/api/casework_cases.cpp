// Cases: opening, changing, closing, and what is in them.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/api/case_form.hpp"
#include "daemon/base/id.hpp"
#include "daemon/base/text.hpp"
#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/seals.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostAlerts = 1000;  // of a case
constexpr std::size_t kShownOfNew = 200;   // bytes; all of it is in the case
constexpr const char* kClockMoves =
    "why is missing: the clocks of the law run from discovered, so say why it is moved";

/// "title: \"a\" -> \"b\"; breach: false -> true": what was there before stands here in full.
std::string differences(const CaseRecord& before, const CaseRecord& after) {
    const json::object old = kentongan::to_json(before);
    std::string out;
    for (const auto& [name, value] : kentongan::to_json(after)) {
        if (name == "revision" || old.at(name) == value) continue;
        std::string now = json::serialize(value);
        if (now.size() > kShownOfNew) now = printable_utf8(now, kShownOfNew) + " …";
        out += fmt::format("{}{}: {} -> {}", out.empty() ? "" : "; ", std::string_view(name),
                           json::serialize(old.at(name)), now);
    }
    return out;
}

Answer<std::vector<std::string>> list_member(const json::object& body, std::string_view name) {
    std::vector<std::string> out;
    const auto* list = body.if_contains(name);
    if (list == nullptr) return out;
    if (!list->is_array() || list->as_array().size() > kMostAlerts)
        return refuse(400, fmt::format("{}: a list of at most 1000 alert ids", name));
    for (const auto& item : list->as_array()) {
        if (!item.is_string())
            return refuse(400, fmt::format("{} holds something that is no text", name));
        if (std::string id{item.as_string()}; std::ranges::find(out, id) == out.end())
            out.push_back(std::move(id));
    }
    return out;
}

}  // namespace

Answer<Done> Casework::case_answer(const CaseRecord& record, unsigned status) {
    const auto places = triage_.places_of_case(record.id, kMostAlerts);
    if (!places) return refuse(places.error());
    Done out{.status = status, .body = kentongan::to_json(record), .revision = record.revision};
    out.body["alerts"] = places->size();
    json::array clocks;
    for (const LegalClock& clock : clocks_of(record))
        clocks.push_back(json::object{
            {"name", clock.name},
            {"due", to_rfc3339(clock.due)},
            {"met", clock.met ? json::value(to_rfc3339(*clock.met)) : json::value(nullptr)}});
    out.body["clocks"] = std::move(clocks);
    return out;
}

Answer<Done> Casework::cases(bool open_only) {
    const auto records = triage_.cases(open_only, kMostCases);
    if (!records) return refuse(records.error());
    json::array list;
    for (const CaseRecord& record : *records) {
        auto one = case_answer(record, 200);
        if (!one) return one;
        list.push_back(std::move(one->body));
    }
    Done out;
    out.body = {{"cases", std::move(list)}, {"partial", records->size() == kMostCases}};
    return out;
}

Answer<Done> Casework::show_case(const std::string& id) {
    const auto record = triage_.find_case(id);
    if (!record) return refuse(record.error());
    if (!*record) return refuse(404, "no case has the id " + id);
    return case_answer(**record, 200);
}

Answer<CaseRecord> Casework::open_record(const Asker& asker, const std::string& id) {
    auto record = triage_.find_case(id);
    if (!record) return refuse(record.error());
    if (!*record) return refuse(404, "no case has the id " + id);
    if (asker.revision && *asker.revision != (*record)->revision)
        return refuse(412, fmt::format("case {} is at revision {}, not {}: somebody changed it", id,
                                       (*record)->revision, *asker.revision));
    if ((*record)->closed) return refuse(409, fmt::format("case {} is closed", id));
    ++(*record)->revision;
    return std::move(**record);
}

Answer<Done> Casework::label(CaseRecord& record, const std::vector<std::string>& alerts) {
    for (const std::string& id : alerts) {
        const auto stored = alerts_.get(id);
        if (!stored) return refuse(stored.error());
        if (!*stored) continue;
        const auto read = alert_from_json(json::parse((*stored)->json));
        if (!read) return refuse(read.error());
        record.tlp = std::max(record.tlp, read->tlp);
    }
    return Done{};
}

Answer<Done> Casework::open_case(const Asker& asker, const json::object& body) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        const auto title = text_member(body, "title", 200, true);
        if (!title) return std::unexpected(title.error());
        const auto ids = list_member(body, "alerts");
        if (!ids) return std::unexpected(ids.error());
        const auto why = text_member(body, "why");
        if (!why) return std::unexpected(why.error());
        CaseRecord record{.id = "K" + content_id(clock_.now(), ledger::new_salt()),
                          .owner = asker.name,
                          .discovered = clock_.now(),
                          .opened = clock_.now()};
        record.severity = ids->empty() ? Severity::medium : Severity::info;
        for (const std::string& id : *ids) {
            const auto put = put_into(change, asker, id, record.id, "", *why);
            if (!put) return put;
            const auto stored = alerts_.get(id);
            if (!stored || !*stored) return refuse(404, "no alert has the id " + id);
            const auto read = alert_from_json(json::parse((*stored)->json));
            if (!read) return refuse(read.error());
            record.severity = std::max(record.severity, read->severity);
            record.discovered = std::min(record.discovered, read->created);
            record.exercise |= read->exercise;
        }
        const Timestamp told = record.discovered;
        if (const auto taken = take_case(body, clock_.now(), record); !taken)
            return std::unexpected(taken.error());
        if (record.discovered > told && why->empty()) return refuse(400, kClockMoves);
        if (auto labelled = label(record, *ids); !labelled) return labelled;
        note(change,
             {.object = "case:" + record.id,
              .at = clock_.now(),
              .who = asker.name,
              .action = "open_case",
              .to = "open",
              .why = *why,
              .comment = record.title},
             1, "open", json::serialize(to_json(record)));
        change.cases.push_back(record);
        auto out = case_answer(record, 201);
        if (out) out->body["alerts"] = ids->size();
        return out;
    });
}

Answer<Done> Casework::change_case(const Asker& asker, const std::string& id,
                                   const json::object& body) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        auto record = open_record(asker, id);
        if (!record) return std::unexpected(record.error());
        const auto why = text_member(body, "why");
        if (!why) return std::unexpected(why.error());
        const CaseRecord before = *record;
        if (const auto taken = take_case(body, clock_.now(), *record); !taken)
            return std::unexpected(taken.error());
        if (record->title.empty()) return refuse(400, "title is empty");
        if (record->discovered != before.discovered && why->empty())
            return refuse(400, kClockMoves);
        const auto have = triage_.places_of_case(id, kMostAlerts);
        if (!have) return refuse(have.error());
        std::vector<std::string> alerts;
        for (const Place& one : *have) alerts.push_back(one.alert);
        if (auto labelled = label(*record, alerts); !labelled) return labelled;
        note(change,
             {.object = "case:" + id,
              .at = clock_.now(),
              .who = asker.name,
              .action = "change_case",
              .from = "open",
              .to = "open",
              .why = *why,
              .comment = differences(before, *record)},
             record->revision, "open", json::serialize(to_json(*record)));
        change.cases.push_back(*record);
        return case_answer(*record, 200);
    });
}

Answer<Done> Casework::put_into(TriageChange& change, const Asker& asker, const std::string& alert,
                                const std::string& case_id, const std::string& from,
                                const std::string& why) {
    auto found = place(alert);
    if (!found) return std::unexpected(found.error());
    if (!*found) return refuse(404, "no alert has the id " + alert);
    Place now = **found;
    if (now.case_id != from)
        return refuse(409, now.case_id.empty()
                               ? fmt::format("alert {} is in no case", alert)
                               : fmt::format("alert {} is in case {}: remove it there first", alert,
                                             now.case_id));
    now.case_id = case_id;
    ++now.revision;
    note(change,
         {.object = "alert:" + alert,
          .at = clock_.now(),
          .who = asker.name,
          .action = case_id.empty() ? "remove_from_case" : "add_to_case",
          .from = now.state,
          .to = now.state,
          .why = why,
          .comment = case_id.empty() ? from : case_id},
         now.revision, now.state, ledger::alert_place(now.reason, now.assignee, now.case_id));
    change.places.push_back(std::move(now));
    return Done{};
}

Answer<Done> Casework::change_alerts(const Asker& asker, const std::string& id,
                                     const json::object& body) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        auto record = open_record(asker, id);
        if (!record) return std::unexpected(record.error());
        const auto add = list_member(body, "add");
        const auto remove = list_member(body, "remove");
        const auto why = text_member(body, "why");
        if (!why) return std::unexpected(why.error());
        for (const auto* list : {&add, &remove})
            if (!*list) return std::unexpected(list->error());
        if (add->empty() && remove->empty()) return refuse(400, "give add or remove, lists of ids");
        const auto have = triage_.places_of_case(id, kMostAlerts);
        if (!have) return refuse(have.error());
        if (have->size() + add->size() > kMostAlerts)
            return refuse(409, "a case holds at most 1000 alerts");
        for (const std::string& alert : *add)
            if (auto put = put_into(change, asker, alert, id, "", *why); !put) return put;
        for (const std::string& alert : *remove)
            if (auto put = put_into(change, asker, alert, "", id, *why); !put) return put;
        if (auto labelled = label(*record, *add); !labelled) return labelled;
        note(change,
             {.object = "case:" + id,
              .at = clock_.now(),
              .who = asker.name,
              .action = "change_alerts",
              .from = "open",
              .to = "open",
              .why = *why,
              .comment = fmt::format("+{} -{}", add->size(), remove->size())},
             record->revision, "open", json::serialize(to_json(*record)));
        change.cases.push_back(*record);
        auto out = case_answer(*record, 200);
        if (out) out->body["alerts"] = have->size() + add->size() - remove->size();
        return out;
    });
}

Answer<Done> Casework::close_case(const Asker& asker, const std::string& id,
                                  const json::object& body) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        const auto summary = text_member(body, "summary", 16000, true);
        if (!summary) return std::unexpected(summary.error());
        const auto why = text_member(body, "why");
        if (!why) return std::unexpected(why.error());
        auto record = open_record(asker, id);
        if (!record) return std::unexpected(record.error());
        record->closed = clock_.now();
        record->summary = *summary;
        note(change,
             {.object = "case:" + id,
              .at = clock_.now(),
              .who = asker.name,
              .action = "close_case",
              .from = "open",
              .to = "closed",
              .why = *why,
              .comment = *summary},
             record->revision, "closed", json::serialize(to_json(*record)));
        change.cases.push_back(*record);
        return case_answer(*record, 200);
    });
}

}  // namespace kentongan::api
