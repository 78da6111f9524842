#include "daemon/alert/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <tuple>

#include "daemon/alert/redact.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

using Table = std::map<std::string, std::uint64_t>;

/// What a full table has no room for is under an empty name.
void add_to(Table& table, const std::string& name, std::size_t most) {
    const bool fits = table.size() < most || table.contains(name);
    ++table[fits ? name : std::string{}];
}

/// The largest `listed` of them; the rest is `other`.
void put_largest(json::object& out, std::string_view list, std::string_view name,
                 const Table& table, std::size_t listed) {
    std::vector<std::pair<std::string, std::uint64_t>> all(table.begin(), table.end());
    std::uint64_t other = 0;
    std::erase_if(all, [&](const auto& one) {
        if (one.first.empty()) other += one.second;
        return one.first.empty();
    });
    std::ranges::sort(all, [](const auto& a, const auto& b) {
        return std::tie(b.second, a.first) < std::tie(a.second, b.first);
    });
    json::array items;
    for (const auto& [what, alerts] : all)
        if (items.size() < listed)
            items.push_back(json::object{{name, what}, {"alerts", alerts}});
        else
            other += alerts;
    if (!items.empty()) out[list] = std::move(items);
    if (other > 0) out[fmt::format("other_{}", list)] = other;
}

bool has(const std::vector<std::string>& list, std::string_view item) {
    return std::ranges::find(list, item) != list.end();
}

std::string date_of(Timestamp time, std::chrono::seconds offset) {
    return to_rfc3339(time + offset).substr(0, 10);
}

}  // namespace

Figures::Figures(std::shared_ptr<const Routing> routing, Timestamp from, Timestamp until,
                 std::chrono::seconds offset)
    : routing_(std::move(routing)), from_(from), until_(until), offset_(offset) {
    for (const std::string& name : routing_->classes())
        for (const std::string& agency : routing_->agencies())
            if (const Route* row = routing_->daily(name, agency))
                agencies_[agency][name].tlp = row->tlp;
}

void Figures::count(const Alert& alert) {
    const std::string& rule_class = alert.rule->rule_class;
    const std::string name = routing_->knows(rule_class) ? rule_class : "default";
    for (auto& [agency, classes] : agencies_) {
        const Route* row = routing_->daily(name, agency);
        if (row == nullptr || alert.severity < row->minimum ||
            !routing_->may_have(*alert.rule, agency))
            continue;
        OfClass& of_class = classes.at(name);
        count_in(alert.exercise ? of_class.exercise : of_class.real, alert, *row);
    }
}

void Figures::count_in(Counts& counts, const Alert& alert, const Route& row) const {
    if (!alert.suppressed.empty()) {
        ++counts.suppressed;
        return;
    }
    if (alert.storm) {
        ++counts.storms;
        counts.in_storms += alert.storm->alerts;
        return;
    }
    ++counts.alerts;
    ++counts.severity[static_cast<std::size_t>(alert.severity)];
    const auto local = alert.created + offset_;
    const auto hour = std::chrono::floor<std::chrono::hours>(
        local - std::chrono::floor<std::chrono::days>(local));
    ++counts.hours[static_cast<std::size_t>(hour.count())];
    add_to(counts.rules, alert.rule->id, kMaximumRules);
    std::set<std::string> networks;
    if (has(row.prefix, "source.ip") && alert.subject.source_ip)
        networks.insert(network_of(*alert.subject.source_ip));
    if (has(row.prefix, "related.ip"))
        for (const std::string& text : alert.related_ip)
            if (const auto address = IpAddress::parse(text)) networks.insert(network_of(*address));
    for (const std::string& network : networks) add_to(counts.networks, network, kMaximumNetworks);
}

std::vector<std::string> Figures::agencies() const {
    std::vector<std::string> out;
    for (const std::string& agency : routing_->agencies())
        if (agencies_.contains(agency)) out.push_back(agency);
    return out;
}

json::object Figures::json_of(const Counts& counts, std::size_t listed) {
    json::object out{{"alerts", counts.alerts}};
    json::object severity;
    json::object hours;
    for (std::size_t i = counts.severity.size(); i-- > 0;)
        if (counts.severity[i] > 0)
            severity[name_of(static_cast<Severity>(i))] = counts.severity[i];
    for (std::size_t i = 0; i < counts.hours.size(); ++i)
        if (counts.hours[i] > 0) hours[fmt::format("{:02}", i)] = counts.hours[i];
    if (counts.alerts > 0) out["severity"] = std::move(severity);
    if (counts.alerts > 0) out["hours"] = std::move(hours);
    put_largest(out, "rules", "rule", counts.rules, listed);
    put_largest(out, "prefixes", "prefix", counts.networks, listed);
    if (counts.storms > 0)
        out["storms"] = json::object{{"storms", counts.storms}, {"alerts", counts.in_storms}};
    if (counts.suppressed > 0) out["suppressed"] = counts.suppressed;
    return out;
}

json::object Figures::with_lists_of(const std::string& agency, std::size_t listed) const {
    Tlp closed = Tlp::clear;
    json::object classes;
    for (const auto& [name, one] : agencies_.at(agency)) {
        closed = std::max(closed, one.tlp);
        json::object figures{{"tlp", name_of(one.tlp)}};
        for (auto& [key, value] : json_of(one.real, listed)) figures[key] = value;
        const Counts& drill = one.exercise;
        if (drill.alerts + drill.storms + drill.suppressed > 0)
            figures["exercise"] = json_of(drill, listed);
        classes[name] = std::move(figures);
    }
    return {{"date", date_of(from_, offset_)},
            {"from", to_rfc3339(from_)},
            {"until", to_rfc3339(until_)},
            {"tlp", name_of(closed)},
            {"classes", std::move(classes)}};
}

/// Shorter lists until it fits.
json::object Figures::of(const std::string& agency) const {
    json::object out;
    for (std::size_t listed = 100;; listed /= 2) {
        out = with_lists_of(agency, listed);
        if (listed == 0 || json::serialize(out).size() <= kMaximumText) return out;
    }
}

}  // namespace kentongan
