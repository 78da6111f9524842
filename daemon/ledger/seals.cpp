#include "daemon/ledger/seals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstring>
#include <utility>

#include "daemon/base/bytes.hpp"
#include "daemon/base/text.hpp"
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

Seals::Message Seals::message_key(std::string_view to, std::string_view type,
                                  std::string_view body) {
    const Hash hash = leaf_hash(fmt::format("{}\n{}\n{}", to, type, body));
    Message out{};
    std::memcpy(out.data(), hash.data(), sizeof out);
    return out;
}

/// The first half of a hash in hexadecimal.
Seals::Message Seals::half_of(std::string_view hash) {
    constexpr std::size_t kDigits = 16;
    Message out{};
    for (auto& part : out) {
        const std::string_view digits = hash.substr(0, kDigits);
        std::from_chars(digits.data(), digits.data() + digits.size(), part, 16);
        hash.remove_prefix(digits.size());
    }
    return out;
}

bool Seals::is_erased_after(const std::string& object, std::uint64_t entry) const {
    const auto found = erased_objects_.find(object);
    return found != erased_objects_.end() && entry < found->second.entry;
}

void Seals::read_act(std::uint64_t index, const json::object& entry) {
    const std::string object = text_of(entry, "object");
    acts_.emplace(act_key(object, text_of(entry, "at"), text_of(entry, "what"),
                          text_of(entry, "who"), text_of(entry, "why")),
                  Act{object, index});
    const std::string detail = text_of(entry, "detail");
    const std::string id = alert_of(object);
    constexpr std::string_view kDelivery = "delivery:";
    if (object.starts_with(kDelivery)) sent_again_[object.substr(kDelivery.size())] = index;
    if (id.empty()) {
        Object& one = objects_[object];
        if (!detail.empty()) one.detail = detail;
        if (!detail.empty()) one.act = index;
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

void Seals::read_told(Seal& seal, const json::object& entry) const {
    const auto* told = entry.if_contains("told");
    if (told == nullptr || !told->is_array()) return;
    if (text_of(entry, "event") == "created") seal.says_told = true;
    for (const auto& each : told->get_array()) {
        if (!each.is_object()) continue;
        const auto& message = each.get_object();
        seal.told.push_back(message_key(text_of(message, "to"), text_of(message, "type"),
                                        text_of(message, "body")));
        ++seal.messages;
    }
}

void Seals::read_receipts(std::uint64_t index, const json::object& entry) {
    for (const auto* state : {"delivered", "dead"}) {
        const auto* receipts = entry.if_contains(state);
        if (receipts == nullptr || !receipts->is_object()) continue;
        for (const auto& [message, hash] : receipts->get_object())
            if (const auto number = parse_number<std::int64_t>(message); number && hash.is_string())
                receipts_[*number] = {half_of(hash.get_string()), index};
    }
}

/// What was said before can no longer be proved. The seal that follows is of what is left.
void Seals::read_erasure(std::uint64_t index, const json::object& entry) {
    const std::string subject = text_of(entry, "subject");
    erased_objects_[subject] = {index, parse_rfc3339(text_of(entry, "at")).value_or(Timestamp{})};
    if (const auto object = objects_.find(subject); object != objects_.end())
        object->second.detail.clear();
    const std::string id = alert_of(subject);
    if (id.empty()) return;
    Seal& one = seals_[id];
    one.erased = true;
    one.anew = false;
    one.digest.clear();
    one.detail.clear();
    one.told = {};
}

void Seals::read(std::uint64_t index, std::string_view entry) {
    boost::system::error_code problem;
    const json::value parsed = json::parse(entry, problem);
    if (problem || !parsed.is_object()) return;
    const json::object& object = parsed.get_object();
    const std::string kind = text_of(object, "kind");
    const auto seal = [&](const std::string& id, std::string digest) {
        Seal& one = seals_[id];
        if (one.erased && std::exchange(one.anew, true)) return;  // the store changes it no more
        one.digest = std::move(digest);
        one.entry = index;
    };
    if (kind == "alert") {
        const std::string id = text_of(object, "alert");
        seal(id, text_of(object, "digest"));
        if (Seal& one = seals_[id]; !one.erased) read_told(one, object);
    } else if (kind == "alerts") {
        const auto* updated = object.if_contains("updated");
        if (updated == nullptr || !updated->is_object()) return;
        for (const auto& [id, digest] : updated->get_object())
            if (digest.is_string()) seal(id, std::string(digest.get_string()));
    } else if (kind == "figures") {
        read_told(figures_, object);
        figures_.entry = index;
    } else if (kind == "receipts") {
        read_receipts(index, object);
    } else if (kind == "action") {
        read_act(index, object);
    } else if (kind == "erasure") {
        read_erasure(index, object);
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
    if (seal.erased) {
        ++erased_;
        if (!seal.anew) return;
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
    for (const auto& salt : act.salts) {
        const auto found =
            acts_.find(act_key(act.object, to_rfc3339(act.at, 9), act.what,
                               salted_hash(salt, act.who), salted_hash(salt, act.why)));
        if (found == acts_.end()) continue;
        acts_.erase(found);
        return;
    }
    const auto erased = erased_objects_.find(act.object);
    if (erased != erased_objects_.end() && act.at <= erased->second.at) return;
    problems.add("act", fmt::format("\"{}\" on {} at {} is in the database and not in the history",
                                    act.what, act.object, to_rfc3339(act.at)));
}

void Seals::check(const StoredObject& object, Problems& problems) {
    const std::string kind = object.object.substr(0, object.object.find(':'));
    const auto found = objects_.find(object.object);
    if (found == objects_.end()) {
        problems.add(kind,
                     fmt::format("{} is in the database and not in the history", object.object));
        return;
    }
    found->second.seen = true;
    if (found->second.detail.empty()) return;  // from before there was one, or erased
    if (!is_sealed(object.salts, object.content, found->second.detail))
        problems.add(
            kind, fmt::format("{} in the database is not what its last act sealed", object.object),
            found->second.act);
}

bool Seals::take_told(Seal& seal, const StoredMessage& message) {
    for (const auto& salt : message.salts) {
        const auto key = message_key(message.to, message.type, salted_hash(salt, message.body));
        const auto known = std::ranges::find(seal.told, key);
        if (known == seal.told.end()) continue;
        seal.told.erase(known);
        --seal.messages;
        return true;
    }
    return false;
}

void Seals::check(const StoredMessage& message, Problems& problems) {
    if (message.alert == "figures") {
        if (!take_told(figures_, message))
            problems.add(
                "outbox",
                fmt::format("figures to {} are not those that an entry sealed", message.to),
                figures_.entry);
        return;
    }
    const auto found = seals_.find(message.alert);
    if (found == seals_.end() || !found->second.says_told) return;  // no alert, or from before
    Seal& seal = found->second;
    if (seal.erased && seal.messages > 0) {  // how many there are is all that can be known
        --seal.messages;
        return;
    }
    if (take_told(seal, message)) return;
    problems.add("outbox",
                 fmt::format("a message about {} to {} is not one that an entry of it sealed",
                             message.alert, message.to),
                 seal.entry);
}

void Seals::check(const StoredReceipt& receipt, Problems& problems) {
    using State = StoredReceipt::State;
    if (erased_objects_.contains("alert:" + receipt.alert)) return;  // blotted out with it
    const auto found = receipts_.find(receipt.message);
    if (receipt.state == State::waiting) {
        if (found == receipts_.end()) return;
        const auto again = sent_again_.find(receipt.to);
        if (again == sent_again_.end() || again->second < found->second.entry)
            problems.add("outbox",
                         fmt::format("message {} to {} waits, though the history has its receipt",
                                     receipt.message, receipt.to),
                         found->second.entry);
        return;
    }
    const bool delivered = receipt.state == State::delivered;
    if (found == receipts_.end()) {
        problems.add("outbox",
                     fmt::format("message {} to {} is said to be {}, and the history has no "
                                 "receipt of it",
                                 receipt.message, receipt.to, delivered ? "delivered" : "dead"));
        return;
    }
    const std::string text =
        receipt_text(receipt.to, {receipt.message, delivered, receipt.at, receipt.detail});
    if (std::ranges::none_of(receipt.salts, [&](const auto& salt) {
            return half_of(salted_hash(salt, text)) == found->second.hash;
        }))
        problems.add("outbox",
                     fmt::format("what became of message {} to {} is not what its receipt says",
                                 receipt.message, receipt.to),
                     found->second.entry);
}

void Seals::check_dropped(Problems& problems) const {
    if (figures_.messages > 0)
        problems.add(
            "outbox",
            fmt::format("{} messages with figures are in the history and not in the outbox",
                        figures_.messages),
            figures_.entry);
    for (const auto& [id, seal] : seals_) {
        if (!seal.seen && !seal.erased)
            problems.add("alert",
                         fmt::format("{} is in the history and no longer in the database", id),
                         seal.entry);
        else if (seal.says_told && seal.messages > 0)
            problems.add("outbox",
                         fmt::format("{} messages about {} are in the history and not in the "
                                     "outbox",
                                     seal.messages, id),
                         seal.entry);
    }
    for (const auto& [key, act] : acts_)
        if (!is_erased_after(act.object, act.entry))
            problems.add(
                "act",
                fmt::format("an act on {} is in the history and not in the database", act.object),
                act.entry);
    for (const auto& [name, object] : objects_) {
        const std::string kind = name.substr(0, name.find(':'));
        const bool is_row = kind == "case" || kind == "suppression" || kind == "approval";
        if (!object.seen && is_row && !object.detail.empty())
            problems.add(kind,
                         fmt::format("{} is in the history and no longer in the database", name),
                         object.act);
    }
}

}  // namespace kentongan::ledger
