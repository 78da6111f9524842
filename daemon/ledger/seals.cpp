#include "daemon/ledger/seals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/base/bytes.hpp"
#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/merkle.hpp"

namespace kentongan::ledger {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

/// The id in "alert:ID"; empty for other subjects.
std::string alert_of(std::string_view subject) {
    constexpr std::string_view kPrefix = "alert:";
    if (!subject.starts_with(kPrefix)) return {};
    return std::string(subject.substr(kPrefix.size()));
}

/// One act, whoever tells of it.
std::string act_key(std::string_view object, std::string_view at, std::string_view what,
                    std::string_view who_hash, std::string_view why_hash) {
    const Hash hash =
        leaf_hash(fmt::format("{}\n{}\n{}\n{}\n{}", object, at, what, who_hash, why_hash));
    return std::string(as_text(hash));
}

bool is_sealed(const std::vector<std::string>& salts, std::string_view content,
               std::string_view digest) {
    return std::ranges::any_of(
        salts, [&](const auto& salt) { return salted_hash(salt, content) == digest; });
}

}  // namespace

std::string alert_place(std::string_view reason, std::string_view assignee,
                        std::string_view case_id) {
    return fmt::format("{}\n{}\n{}", reason, assignee, case_id);
}

bool Seals::is_erased(const std::string& object) const { return erased_objects_.contains(object); }

void Seals::read_act(std::uint64_t index, const json::object& entry) {
    const std::string object = text_of(entry, "object");
    acts_.emplace(act_key(object, text_of(entry, "at"), text_of(entry, "what"),
                          text_of(entry, "who"), text_of(entry, "why")),
                  Act{object, index});
    const std::string detail = text_of(entry, "detail");
    const std::string id = alert_of(object);
    if (id.empty()) {
        if (!detail.empty()) objects_[object] = {detail, index};
        return;
    }
    const auto* revision = entry.if_contains("revision");
    if (revision == nullptr || !revision->is_int64()) return;
    Seal& one = seals_[id];
    one.revision = static_cast<std::uint64_t>(revision->get_int64());
    one.state = text_of(entry, "state");
    one.detail = detail;
    one.act = index;
}

void Seals::read(std::uint64_t index, std::string_view entry) {
    boost::system::error_code problem;
    const json::value parsed = json::parse(entry, problem);
    if (problem || !parsed.is_object()) return;
    const json::object& object = parsed.get_object();
    const std::string kind = text_of(object, "kind");
    const auto seal = [&](const std::string& id, std::string digest) {
        Seal& one = seals_[id];
        one.digest = std::move(digest);
        one.entry = index;
    };
    if (kind == "alert") {
        seal(text_of(object, "alert"), text_of(object, "digest"));
    } else if (kind == "alerts") {
        const auto* updated = object.if_contains("updated");
        if (updated == nullptr || !updated->is_object()) return;
        for (const auto& [id, digest] : updated->get_object())
            if (digest.is_string()) seal(id, std::string(digest.get_string()));
    } else if (kind == "action") {
        read_act(index, object);
    } else if (kind == "erasure") {
        const std::string subject = text_of(object, "subject");
        erased_objects_.insert(subject);
        const std::string id = alert_of(subject);
        if (!id.empty()) seals_[id].erased = true;
    }
}

void Seals::check(const StoredSeal& alert, Problems& problems) {
    const auto found = seals_.find(alert.id);
    if (found == seals_.end()) {
        problems.add("alert",
                     fmt::format("{} is in the database and not in the history", alert.id));
        return;
    }
    Seal& seal = found->second;
    if (std::exchange(seal.seen, true))
        problems.add("alert", fmt::format("{} is in the database twice", alert.id), seal.entry);
    if (seal.erased && alert.salts.empty()) {
        ++erased_;
        return;
    }
    if (!is_sealed(alert.salts, alert.json, seal.digest))
        problems.add("alert",
                     fmt::format("{} in the database is not what its entry sealed", alert.id),
                     seal.entry);
    check_place(alert, seal, problems);
}

void Seals::check_place(const StoredSeal& alert, const Seal& seal, Problems& problems) const {
    if (!seal.detail.empty() && !is_sealed(alert.salts, alert.place, seal.detail))
        problems.add("alert",
                     fmt::format("{}: its reason, assignee or case is not that of its last act in "
                                 "the history",
                                 alert.id),
                     seal.act);
    if (alert.revision != seal.revision || (!seal.state.empty() && alert.state != seal.state))
        problems.add("alert",
                     fmt::format("{}: its place in triage ({}, revision {}) is not that of its "
                                 "last act in the history ({}, revision {})",
                                 alert.id, alert.state, alert.revision, seal.state, seal.revision),
                     seal.act);
}

void Seals::check(const StoredAct& act, Problems& problems) {
    if (act.salts.empty() && is_erased(act.object)) return;
    for (const auto& salt : act.salts) {
        const auto found =
            acts_.find(act_key(act.object, to_rfc3339(act.at, 9), act.what,
                               salted_hash(salt, act.who), salted_hash(salt, act.why)));
        if (found == acts_.end()) continue;
        acts_.erase(found);
        return;
    }
    problems.add("act", fmt::format("\"{}\" on {} at {} is in the database and not in the history",
                                    act.what, act.object, to_rfc3339(act.at)));
}

void Seals::check(const StoredObject& object, Problems& problems) {
    const auto found = objects_.find(object.object);
    if (found == objects_.end()) return;  // from before there was a detail
    found->second.seen = true;
    if (object.salts.empty() && is_erased(object.object)) return;
    if (!is_sealed(object.salts, object.content, found->second.detail))
        problems.add(
            "case",
            fmt::format("{} in the database is not what its last act sealed", object.object),
            found->second.act);
}

void Seals::check_dropped(Problems& problems) const {
    for (const auto& [id, seal] : seals_)
        if (!seal.seen && !seal.erased)
            problems.add("alert",
                         fmt::format("{} is in the history and no longer in the database", id),
                         seal.entry);
    for (const auto& [key, act] : acts_)
        if (!is_erased(act.object))
            problems.add(
                "act",
                fmt::format("an act on {} is in the history and not in the database", act.object),
                act.entry);
    for (const auto& [name, object] : objects_)
        if (!object.seen && name.starts_with("case:"))
            problems.add("case",
                         fmt::format("{} is in the history and no longer in the database", name),
                         object.act);
}

}  // namespace kentongan::ledger
