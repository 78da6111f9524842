#include "daemon/store/query/field.hpp"

#include <fmt/format.h>

#include <vector>

#include "daemon/base/text.hpp"

namespace kentongan::query {

namespace {

using enum Kind;

constexpr std::array<Field, kFields> kTable{{
    {Name::first_seen, "@timestamp", "first_seen time", time, "first_seen", "first event"},
    {Name::last_seen, "last_seen", "", time, "last_seen", "newest event"},
    {Name::severity, "severity", "labels.severity", severity, "severity", "info to critical"},
    {Name::count, "count", "", number, "events", "events behind it"},
    {Name::tlp, "tlp", "labels.tlp", keyword, "tlp", "Traffic Light Protocol"},
    {Name::exercise, "exercise", "labels.exercise", flag, "exercise", "raised by a drill"},
    {Name::agency, "agency", "agencies", list, "agencies", "who was told"},
    {Name::state, "state", "", keyword, "state", "new to closed"},
    {Name::reason, "reason", "", keyword, "reason", "why it was closed"},
    {Name::assignee, "assignee", "", keyword, "assignee", "who works on it"},
    {Name::case_id, "case", "case.id", keyword, "case_id", "the case it belongs to"},
    {Name::suppressed, "suppressed", "", mark, "suppressed", "true, false, or by what"},
    {Name::rule_id, "rule.id", "rule", rule, "rule_id", "the rule"},
    {Name::rule_name, "rule.name", "", rule, "name", "its one line"},
    {Name::ruleset, "ruleset", "rule.ruleset", rule, "ruleset", "kind of detector"},
    {Name::category, "rule.category", "category class", rule, "category", "row of the routing"},
    {Name::technique, "technique", "threat.technique.id", rule, "techniques", "ATT&CK, T1110"},
    {Name::message, "message", "", text, "message", "words of the message"},
    {Name::entity, "entity", "", keyword, "entity", "whom it is about"},
    {Name::source_ip, "source.ip", "src source.address", address, "source_ip", "10.0.0.0/8"},
    {Name::source_port, "source.port", "", number, "source_port", "0 to 65535"},
    {Name::destination_ip, "destination.ip", "dst", address, "destination_ip", "10.0.0.0/8"},
    {Name::destination_port, "destination.port", "", number, "destination_port", "0 to 65535"},
    {Name::user, "user", "user.name", keyword, "account", "account"},
    {Name::host, "host", "host.name host.hostname", keyword, "host", "machine"},
    {Name::sensor, "sensor", "observer.hostname", keyword, "sensor", "who saw it"},
    {Name::file_path, "file.path", "", keyword, "file_path", "/var/www/*"},
    {Name::file_hash, "file.hash", "file.hash.sha256", keyword, "file_hash", "SHA-256"},
    {Name::url, "url", "url.original", keyword, "url", "as it was asked for"},
    {Name::related_ip, "related.ip", "ip", networks, "related_ip", "any address in it"},
    {Name::related_user, "related.user", "", list, "related_user", "any account in it"},
    {Name::related_hosts, "related.hosts", "", list, "related_hosts", "any machine in it"},
    {Name::related_hash, "related.hash", "", list, "related_hash", "any hash in it"},
    {Name::tps, "sirekap.tps", "tps", place, "tps", "polling station, or an area's code"},
    {Name::area, "sirekap.area", "area", place, "area", "2, 4, 6 or 10 digits"},
    {Name::id, "id", "event.id", keyword, "id", "the alert"},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kTable.size(); ++i)
        if (index_of(kTable[i].name) != i) return false;
    return true;
}
static_assert(in_order());

}  // namespace

std::span<const Field, kFields> fields() { return kTable; }
const Field& field(Name name) { return kTable[index_of(name)]; }

const Field* find_field(std::string_view text) {
    for (const Field& one : kTable) {
        if (equals_ignoring_case(one.text, text)) return &one;
        for (std::string_view rest = one.aliases; !rest.empty();)
            if (equals_ignoring_case(take_until(rest, ' '), text)) return &one;
    }
    return nullptr;
}

std::string near_fields(std::string_view text) {
    std::vector<std::string_view> names;
    for (const Field& one : kTable) {
        names.push_back(one.text);
        for (std::string_view rest = one.aliases; !rest.empty();)
            names.push_back(take_until(rest, ' '));
    }
    const auto near = nearest_word(to_lower(text), names);
    if (!near.empty()) return fmt::format("did you mean {}?", near);
    std::string out = "fields are";
    for (const Field& one : kTable)
        out += fmt::format("{} {}", &one == &kTable[0] ? "" : ",", one.text);
    return out;
}

}  // namespace kentongan::query
