// How every change is made: once per key, in one transaction, with its entry in the history.
#include "daemon/api/casework.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/base/id.hpp"
#include "daemon/ledger/entry.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

bool is_of_destination(const std::string& object) { return object.starts_with("destination:"); }

}  // namespace

std::unexpected<Refusal> refuse(unsigned status, std::string detail) {
    return std::unexpected(Refusal{status, std::move(detail)});
}

std::unexpected<Refusal> refuse(const Error& error) {
    return refuse(error.code == ErrorCode::temporary ? 412 : 503, error.message);
}

Answer<std::string> text_member(const json::object& body, std::string_view name, std::size_t cap,
                                bool required) {
    const auto* member = body.if_contains(name);
    if (member == nullptr || member->is_null()) {
        if (required) return refuse(400, fmt::format("{} is missing", name));
        return std::string{};
    }
    if (!member->is_string()) return refuse(400, fmt::format("{} is not a text", name));
    std::string text{member->as_string()};
    if (text.size() > cap) return refuse(400, fmt::format("{}: at most {} bytes", name, cap));
    if (required && text.find_first_not_of(" \t\r\n") == std::string::npos)
        return refuse(400, fmt::format("{} is empty", name));
    return text;
}

Casework::Casework(AlertStore& alerts, SearchStore& searches, TriageStore& triage,
                   EntryLog& history, const Clock& clock, Options options)
    : alerts_(alerts),
      searches_(searches),
      triage_(triage),
      history_(history),
      clock_(clock),
      options_(std::move(options)) {}

Answer<Done> Casework::once(const Asker& asker, const Work& work) {
    if (!asker.key.empty()) {
        const auto kept = triage_.kept_answer(asker.name + "\n" + asker.key, clock_.now());
        if (!kept) return refuse(kept.error());
        if (*kept && (*kept)->request != asker.request)
            return refuse(422, "this Idempotency-Key was used for another request");
        if (*kept) {
            Done done{.status = static_cast<unsigned>((*kept)->status), .replayed = true};
            done.body = json::parse((*kept)->body).as_object();
            return done;
        }
    }
    TriageChange change;
    auto done = work(change);
    return commit(asker, std::move(change), std::move(done));
}

Answer<Done> Casework::commit(const Asker& asker, TriageChange change, Answer<Done> done) {
    if (!done) return done;
    if (!asker.key.empty())
        change.answer = KeptAnswer{.key = asker.name + "\n" + asker.key,
                                   .request = asker.request,
                                   .status = done->status,
                                   .body = json::serialize(done->body),
                                   .at = clock_.now()};
    if (auto changed = triage_.change(change); !changed) return refuse(changed.error());
    if (!change.shared.empty() && options_.queued) options_.queued();
    if (!change.suppressions.empty())
        if (auto told = announce_suppressions(); !told) return refuse(told.error());
    if (std::ranges::any_of(change.actions, is_of_destination, &ActionRow::object))
        if (auto told = announce_paused(); !told) return refuse(told.error());
    return done;
}

std::string Casework::salt_of(TriageChange& change, const std::string& subject) {
    const auto made = std::ranges::find(change.salts, subject, &Salt::subject);
    if (made != change.salts.end()) return made->salt;
    const auto known = history_.salts(subject);
    if (known && !known->empty()) return known->front();
    change.salts.push_back({subject, ledger::new_salt()});
    return change.salts.back().salt;
}

void Casework::note(TriageChange& change, ActionRow row, std::int64_t revision,
                    const std::string& state, const std::string& detail) {
    ledger::Act act{.who = row.who,
                    .what = row.action,
                    .object = row.object,
                    .why = row.why + "\n" + row.comment};
    if (revision > 0) act.revision = static_cast<std::uint64_t>(revision);
    act.state = state;
    const std::string salt = salt_of(change, row.object);
    if (!detail.empty()) act.detail_hash = ledger::salted_hash(salt, detail);
    if (constexpr std::string_view kAlert = "alert:"; row.object.starts_with(kAlert))
        change.about.push_back({change.entries.size(), row.object.substr(kAlert.size())});
    change.entries.push_back(ledger::action_entry(act, salt, row.at));
    change.actions.push_back(std::move(row));
}

bool Casework::needs_second(std::optional<Timestamp> until) const {
    const Timestamp now = clock_.now();
    return options_.two_person && options_.two_person(now, until.value_or(now));
}

Answer<Done> Casework::ask_second(TriageChange& change, const Asker& asker, Approval approval) {
    const auto pending = triage_.pending_approvals(kMostPending);
    if (!pending) return refuse(pending.error());
    if (pending->size() >= kMostPending)
        return refuse(409, "too many approvals are pending; decide or refuse some first");
    approval.id = content_id(clock_.now(), ledger::new_salt());
    approval.asked_by = asker.name;
    approval.asked = clock_.now();
    approval.expires = approval.asked + options_.approval_life;
    note(change,
         {.object = "approval:" + approval.id,
          .at = approval.asked,
          .who = asker.name,
          .action = "ask_" + approval.action,
          .to = "pending",
          .why = approval.why,
          .comment = approval.object},
         0, "pending", json::serialize(kentongan::to_json(approval)));
    Done done{.status = 202};
    done.body = {
        {"pending", true}, {"approval", approval.id}, {"expires", to_rfc3339(approval.expires)}};
    change.approvals.push_back(std::move(approval));
    return done;
}

}  // namespace kentongan::api
