#include "daemon/ledger/entry.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/timex.h>

#include <algorithm>
#include <boost/json.hpp>
#include <new>
#include <ranges>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/ledger/canonical_json.hpp"

namespace kentongan::ledger {

namespace json = boost::json;

namespace {

constexpr int kSchema = 1;
constexpr std::size_t kLongestName = 128;
constexpr std::size_t kMostListed = 64;
constexpr std::size_t kMostPackaged = 128;

json::string word(std::string_view text) {
    return json::string(printable_utf8(text, kLongestName));
}

json::value number(std::uint64_t value) { return std::min(value, std::uint64_t{1} << 53); }

json::object entry_of(std::string_view kind, Timestamp at) {
    return {{"schema", kSchema}, {"kind", kind}, {"at", to_rfc3339(at, 9)}};
}

/// What goes in is made here, of valid text and numbers in range.
std::string finish(const json::object& entry) {
    auto text = canonical_json(entry);
    if (!text) throw std::logic_error(text.error().message);
    return std::move(*text);
}

std::string_view name_of(AlertEvent event) {
    constexpr std::string_view kNames[] = {"created", "updated", "escalated", "closed"};
    return kNames[static_cast<int>(event)];
}

void add_act(json::object& entry, const Act& act, std::string_view salt) {
    entry["what"] = word(act.what);
    entry["object"] = word(act.object);
    entry["who"] = salted_hash(salt, act.who);
    entry["why"] = salted_hash(salt, act.why);
    if (act.revision) entry["revision"] = number(*act.revision);
    if (!act.state.empty()) entry["state"] = word(act.state);
    if (!act.detail_hash.empty()) entry["detail"] = word(act.detail_hash);
}

}  // namespace

namespace {

void put_told(json::object& entry, const std::vector<Told>& told, std::string_view salt) {
    json::array& messages = entry["told"].emplace_array();
    for (const auto& [to, type, body] : told | std::views::take(kMostTold))
        messages.push_back(
            {{"to", word(to)}, {"type", word(type)}, {"body", salted_hash(salt, body)}});
}

}  // namespace

std::string new_salt() {
    std::uint8_t bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) throw std::bad_alloc{};
    return to_hex(bytes);
}

std::string salted_hash(std::string_view salt, std::string_view content) {
    Sha256 hash;
    hash.update(salt);
    hash.update(content);
    return to_hex(hash.finish());
}

std::string alert_entry(const Alert& alert, std::string_view json, AlertEvent event,
                        std::string_view salt, Timestamp at, const std::vector<Told>& told) {
    json::object entry = entry_of("alert", at);
    entry["event"] = name_of(event);
    entry["alert"] = word(alert.id);
    json::object& rule = entry["rule"].emplace_object();
    rule["id"] = word(alert.rule->id);
    rule["version"] = word(alert.rule->version);
    if (!alert.rule->sha256.empty()) rule["sha256"] = word(alert.rule->sha256);
    entry["ruleset"] = kentongan::name_of(alert.rule->ruleset);
    entry["severity"] = kentongan::name_of(alert.severity);
    entry["tlp"] = kentongan::name_of(alert.tlp);
    entry["count"] = number(alert.count);
    entry["first_seen"] = to_rfc3339(alert.first_seen, 9);
    entry["last_seen"] = to_rfc3339(alert.last_seen, 9);
    json::array& agencies = entry["agencies"].emplace_array();
    for (const auto& agency : alert.agencies | std::views::take(kMostListed))
        agencies.emplace_back(word(agency));
    entry["exercise"] = alert.exercise;
    entry["digest"] = salted_hash(salt, json);
    put_told(entry, told, salt);
    return finish(entry);
}

std::string figures_entry(Timestamp from, Timestamp until, const std::vector<Told>& told,
                          std::string_view salt, Timestamp at) {
    json::object entry = entry_of("figures", at);
    entry["from"] = to_rfc3339(from, 9);
    entry["until"] = to_rfc3339(until, 9);
    put_told(entry, told, salt);
    return finish(entry);
}

std::string receipt_text(std::string_view to, const Receipt& receipt) {
    return fmt::format("{}\n{}\n{}\n{}\n{}", to, receipt.message,
                       receipt.delivered ? "delivered" : "dead", to_rfc3339(receipt.at, 9),
                       receipt.detail);
}

std::string receipts_entry(std::string_view to, std::span<const Receipt> receipts,
                           std::string_view salt, Timestamp at) {
    json::object entry = entry_of("receipts", at);
    entry["to"] = word(to);
    for (const auto* state : {"delivered", "dead"}) entry[state].emplace_object();
    for (const Receipt& one : receipts | std::views::take(kMostReceipts))
        entry[one.delivered ? "delivered" : "dead"].as_object()[std::to_string(one.message)] =
            salted_hash(salt, receipt_text(to, one));
    return finish(entry);
}

std::string updates_entry(const std::map<std::string, std::string>& digests, Timestamp at) {
    json::object entry = entry_of("alerts", at);
    json::object& updated = entry["updated"].emplace_object();
    for (const auto& [id, digest] : digests)
        updated[printable_utf8(id, kLongestName)] = word(digest);
    return finish(entry);
}

std::string action_entry(const Act& act, std::string_view salt, Timestamp at) {
    json::object entry = entry_of("action", at);
    add_act(entry, act, salt);
    return finish(entry);
}

std::string setting_entry(const Setting& setting, std::string_view version, Timestamp at) {
    json::object entry = entry_of("setting", at);
    entry["name"] = word(setting.name);
    entry["sha256"] = word(setting.sha256);
    entry["version"] = word(version);
    entry["items"] = number(setting.items);
    entry["in_force"] = setting.in_force;
    if (!setting.by.empty()) entry["by"] = word(setting.by);
    if (!setting.changed) return finish(entry);
    json::array& files = entry["changed"].emplace_array();
    for (const auto& [file, before, after] : *setting.changed | std::views::take(kMostChangedFiles))
        files.push_back({{"file", word(file)}, {"before", word(before)}, {"after", word(after)}});
    entry["changes"] = number(setting.changed->size());
    return finish(entry);
}

std::string login_entry(std::string_view account, std::string_view method, std::string_view outcome,
                        std::string_view salt, Timestamp at, std::uint64_t count) {
    json::object entry = entry_of("login", at);
    entry["who"] = salted_hash(salt, account);
    entry["method"] = word(method);
    entry["outcome"] = word(outcome);
    if (count > 1) entry["count"] = number(count);
    return finish(entry);
}

std::string limited_entry(const std::map<std::string, std::uint64_t>& addresses,
                          std::uint64_t count, std::string_view salt, Timestamp at) {
    json::object entry = entry_of("login", at);
    entry["method"] = "password";
    entry["outcome"] = "limited";
    json::array& list = entry["from"].emplace_array();
    for (const auto& [address, attempts] : addresses | std::views::take(kMostAddresses))
        list.push_back({{"address", salted_hash(salt, address)}, {"count", number(attempts)}});
    entry["count"] = number(count);
    return finish(entry);
}

std::string reading_entry(std::string_view account, const std::vector<std::string>& objects,
                          std::string_view salt, Timestamp at) {
    json::object entry = entry_of("reading", at);
    entry["who"] = salted_hash(salt, account);
    json::array& list = entry["objects"].emplace_array();
    for (const auto& object : objects | std::views::take(kMostReadings))
        list.emplace_back(word(object));
    entry["count"] = number(objects.size());
    return finish(entry);
}

ClockState clock_state() {
    timex state{};
    const int result = ::adjtimex(&state);
    return {.synchronized = result >= 0 && result != TIME_ERROR,
            .maximum_error_seconds = static_cast<double>(state.maxerror) / 1e6,
            .estimated_error_seconds = static_cast<double>(state.esterror) / 1e6};
}

std::vector<std::string> coverage_entries(const std::vector<Coverage>& sources, Timestamp from,
                                          Timestamp until, const ClockState& clock) {
    std::vector<std::string> out;
    for (std::size_t first = 0; first < sources.size(); first += kMostListed) {
        json::object entry = entry_of("coverage", until);
        entry["from"] = to_rfc3339(from, 9);
        entry["clock"] = {{"synchronized", clock.synchronized},
                          {"maximum_error_seconds", clock.maximum_error_seconds},
                          {"estimated_error_seconds", clock.estimated_error_seconds}};
        json::array& list = entry["sources"].emplace_array();
        for (std::size_t i = first; i < std::min(first + kMostListed, sources.size()); ++i) {
            const Coverage& source = sources[i];
            json::object item{{"source", word(source.source)},
                              {"seen", number(source.seen)},
                              {"inspected", number(source.inspected)},
                              {"dropped", number(source.dropped)}};
            if (source.lag_seconds) item["lag_seconds"] = *source.lag_seconds;
            list.push_back(std::move(item));
        }
        out.push_back(finish(entry));
    }
    return out;
}

std::string erasure_entry(std::string_view subject, std::string_view ground, Timestamp at) {
    json::object entry = entry_of("erasure", at);
    entry["subject"] = word(subject);
    entry["ground"] = word(ground);
    return finish(entry);
}

std::string custody_entry(const Act& act, const std::vector<std::string>& objects,
                          std::string_view package_sha256, std::string_view salt, Timestamp at) {
    json::object entry = entry_of("custody", at);
    add_act(entry, act, salt);
    entry["package"] = word(package_sha256);
    json::array& list = entry["objects"].emplace_array();
    for (const auto& object : objects | std::views::take(kMostPackaged))
        list.emplace_back(word(object));
    entry["count"] = number(objects.size());
    return finish(entry);
}

std::string key_entry(std::string_view what, std::string_view vkey, Timestamp at) {
    json::object entry = entry_of("key", at);
    entry["what"] = word(what);
    entry["key"] = json::string(printable_utf8(vkey, 512));
    return finish(entry);
}

}  // namespace kentongan::ledger
