#include "daemon/store/memory/memory_triage.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace kentongan {

namespace {

/// The list's element with this id; null when there is none.
template <class T>
T* with_id(std::vector<T>& list, const std::string& id) {
    const auto found = std::ranges::find(list, id, &T::id);
    return found == list.end() ? nullptr : &*found;
}
template <class T>
std::optional<T> copy_of(std::vector<T>& list, const std::string& id) {
    const T* found = with_id(list, id);
    return found == nullptr ? std::nullopt : std::optional<T>{*found};
}
template <class T>
void put(std::vector<T>& list, const T& value) {
    if (T* known = with_id(list, value.id))
        *known = value;
    else
        list.push_back(value);
}

}  // namespace

Result<> MemoryTriage::check(const TriageChange& change) {
    // What an earlier part of the same change made counts, as in a transaction.
    std::map<std::string, std::int64_t> places;
    std::map<std::string, std::int64_t> cases;
    for (const Place& after : change.places) {
        const auto before = place(after.alert);
        if (!before) return std::unexpected(before.error());
        const auto known =
            places.try_emplace(after.alert, *before ? (*before)->revision : after.revision).first;
        if (known->second != after.revision - 1)
            return fail(ErrorCode::temporary, "alert {} was changed meanwhile", after.alert);
        known->second = after.revision;
    }
    for (const SharedAlert& one : change.shared)
        if (const auto known = place(one.alert); known && !*known)
            return fail(ErrorCode::temporary, "there is no alert {}", one.alert);
    for (const CaseRecord& record : change.cases) {
        const CaseRecord* stored = with_id(cases_, record.id);
        const auto known =
            cases.try_emplace(record.id, stored == nullptr ? 0 : stored->revision).first;
        if (known->second != record.revision - 1)
            return fail(ErrorCode::temporary, "case {} was changed meanwhile", record.id);
        known->second = record.revision;
    }
    return {};
}

Result<> MemoryTriage::change(const TriageChange& change) {
    if (auto good = check(change); !good) return good;
    for (const Erasure& erasure : change.erasures) erase(erasure);
    for (const Place& place : change.places) places_[place.alert] = place;
    for (const CaseRecord& record : change.cases) put(cases_, record);
    for (const Suppression& suppression : change.suppressions)
        if (Suppression* known = with_id(suppressions_, suppression.id))
            known->expires = suppression.expires;
        else
            suppressions_.push_back(suppression);
    for (const Approval& approval : change.approvals) put(approvals_, approval);
    for (const SharedAlert& one : change.shared)
        for (const NewDelivery& message : one.messages) alerts_.queue(message, one.alert);
    actions_.insert(actions_.end(), change.actions.begin(), change.actions.end());
    if (change.answer) keep(*change.answer);
    return alerts_.append(change.entries, change.salts, change.about);
}

void MemoryTriage::erase(const Erasure& erasure) {
    for (ActionRow& action : actions_)
        if (action.object == erasure.object) action.why = action.comment = "";
    const std::string id = erasure.object.substr(erasure.object.find(':') + 1);
    std::erase_if(answers_, [&](const KeptAnswer& answer) { return answer.body.contains(id); });
    alerts_.erase(erasure.object, erasure.alert);
}

Result<std::vector<Approval>> MemoryTriage::approvals_about(const std::string& object) {
    std::vector<Approval> out;
    for (const Approval& approval : approvals_)
        if (approval.object == object) out.push_back(approval);
    return out;
}

void MemoryTriage::keep(const KeptAnswer& answer) {
    std::erase_if(answers_,
                  [&](const KeptAnswer& old) { return old.at < answer.at - kAnswerLife; });
    answers_.push_back(answer);
    if (answers_.size() > kMostAnswers) answers_.erase(answers_.begin());
}

Result<std::optional<Place>> MemoryTriage::place(const std::string& alert) {
    const auto stored = alerts_.get(alert);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored) return std::optional<Place>{};
    const auto read = alert_from_json(boost::json::parse((*stored)->json));
    if (!read) return std::unexpected(read.error());
    const auto known = places_.find(alert);
    Place out = known == places_.end() ? Place{.alert = alert} : known->second;
    out.severity = read->severity;
    out.rule_id = read->rule->id;
    return out;
}

Result<std::vector<Place>> MemoryTriage::places_of_case(const std::string& id, std::size_t limit) {
    std::vector<std::pair<std::int64_t, Place>> found;
    for (const auto& [alert, kept] : places_) {
        if (id.empty() || kept.case_id != id) continue;
        const auto stored = alerts_.get(alert);
        const auto now = place(alert);
        if (stored && *stored && now && *now) found.emplace_back((*stored)->sequence, **now);
    }
    std::ranges::sort(found, {}, &std::pair<std::int64_t, Place>::first);
    std::vector<Place> out;
    for (auto& [sequence, one] : found)
        if (out.size() < limit) out.push_back(std::move(one));
    return out;
}

Result<std::vector<ActionRow>> MemoryTriage::actions(const std::string& object, std::size_t limit) {
    std::vector<ActionRow> out;
    for (const ActionRow& row : actions_)
        if (row.object == object) out.push_back(row);
    if (out.size() > limit) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(limit));
    return out;
}

Result<std::vector<CaseRecord>> MemoryTriage::cases(bool open_only, std::size_t limit) {
    std::vector<CaseRecord> out;
    for (auto record = cases_.rbegin(); record != cases_.rend() && out.size() < limit; ++record)
        if (!open_only || !record->closed) out.push_back(*record);
    return out;
}

Result<std::optional<CaseRecord>> MemoryTriage::find_case(const std::string& id) {
    return copy_of(cases_, id);
}

Result<std::vector<Suppression>> MemoryTriage::suppressions(Timestamp now, std::size_t limit) {
    std::vector<Suppression> out;
    for (const Suppression& one : suppressions_)
        if (one.expires > now && out.size() < limit) out.push_back(one);
    return out;
}

Result<std::optional<Suppression>> MemoryTriage::find_suppression(const std::string& id) {
    return copy_of(suppressions_, id);
}

Result<std::vector<Approval>> MemoryTriage::pending_approvals(std::size_t limit) {
    std::vector<Approval> out;
    for (const Approval& one : approvals_)
        if (one.state == "pending" && out.size() < limit) out.push_back(one);
    return out;
}

Result<std::optional<Approval>> MemoryTriage::find_approval(const std::string& id) {
    return copy_of(approvals_, id);
}

Result<std::optional<KeptAnswer>> MemoryTriage::kept_answer(const std::string& key, Timestamp now) {
    const auto found = std::ranges::find(answers_, key, &KeptAnswer::key);
    if (found == answers_.end() || found->at < now - kAnswerLife)
        return std::optional<KeptAnswer>{};
    return *found;
}

Result<std::vector<Notification>> MemoryTriage::notifications(const std::string& alert,
                                                              std::size_t limit) {
    std::vector<Notification> out;
    for (const DeliveryRecord& one : alerts_.every_delivery()) {
        const Delivery& message = one.message;
        if (message.alert_id != alert || out.size() == limit) continue;
        const bool delivered = one.state == DeliveryQuery::State::delivered;
        out.push_back({alert, message.destination, message.type, message.created,
                       delivered ? one.settled : std::nullopt});
    }
    return out;
}

}  // namespace kentongan
