#include "daemon/ledger/seals.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/ledger/entry.hpp"

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

}  // namespace

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
        const auto* revision = object.if_contains("revision");
        const std::string id = alert_of(text_of(object, "object"));
        if (id.empty() || revision == nullptr || !revision->is_int64()) return;
        Seal& one = seals_[id];
        one.revision = static_cast<std::uint64_t>(revision->get_int64());
        one.state = text_of(object, "state");
        one.act = index;
    } else if (kind == "erasure") {
        const std::string id = alert_of(text_of(object, "subject"));
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
    bool sealed = false;
    for (const auto& salt : alert.salts)
        sealed = sealed || salted_hash(salt, alert.json) == seal.digest;
    if (!sealed)
        problems.add("alert",
                     fmt::format("{} in the database is not what its entry sealed", alert.id),
                     seal.entry);
    if (alert.revision != seal.revision || (!seal.state.empty() && alert.state != seal.state))
        problems.add("alert",
                     fmt::format("{}: its place in triage ({}, revision {}) is not that of its "
                                 "last act in the history ({}, revision {})",
                                 alert.id, alert.state, alert.revision, seal.state, seal.revision),
                     seal.act);
}

void Seals::check_dropped(Problems& problems) const {
    for (const auto& [id, seal] : seals_)
        if (!seal.seen && !seal.erased)
            problems.add("alert",
                         fmt::format("{} is in the history and no longer in the database", id),
                         seal.entry);
}

}  // namespace kentongan::ledger
