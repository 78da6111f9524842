// Looks up the routing table.
#include "daemon/alert/routing.hpp"

#include <algorithm>
#include <set>

namespace kentongan {

const Routing::Rows& Routing::rows(std::string_view rule_class) const {
    const auto found = classes_.find(rule_class);
    return found == classes_.end() ? classes_.find("default")->second : found->second;
}

bool Routing::knows(std::string_view rule_class) const {
    return classes_.find(rule_class) != classes_.end();
}

std::vector<Route> Routing::route(const Alert& alert) const {
    std::vector<Route> out;
    for (const Route& row : rows(alert.rule->rule_class)) {
        if (alert.severity < row.minimum || row.after_review || row.daily) continue;
        if (may_have(*alert.rule, row.agency)) out.push_back(row);
    }
    return out;
}

bool Routing::may_have(const Rule& rule, std::string_view agency) const {
    return !rule.advisory || std::ranges::find(advisory_, agency) != advisory_.end();
}

const Route* Routing::share(const Alert& alert, std::string_view agency) const {
    return may_have(*alert.rule, agency) ? row(alert.rule->rule_class, agency) : nullptr;
}

const Route* Routing::row(std::string_view rule_class, std::string_view agency) const {
    const Route* found = find(rule_class, agency);
    return found == nullptr || found->daily ? nullptr : found;
}

const Route* Routing::daily(std::string_view rule_class, std::string_view agency) const {
    const Route* found = find(rule_class, agency);
    return found == nullptr || !found->daily ? nullptr : found;
}

const Route* Routing::find(std::string_view rule_class, std::string_view agency) const {
    const Rows& in_class = rows(rule_class);
    const auto found = std::ranges::find(in_class, agency, &Route::agency);
    return found == in_class.end() ? nullptr : &*found;
}

Tlp Routing::tlp(const Alert& alert) const {
    const Rows& in_class = rows(alert.rule->rule_class);
    const auto owner = std::ranges::find(in_class, owner_, &Route::agency);
    return owner == in_class.end() ? Tlp::red : owner->tlp;
}

std::shared_ptr<const Routing> Routing::with_keys(const PseudonymKeys& keys) const {
    auto out = std::make_shared<Routing>(*this);
    for (auto& [name, in_class] : out->classes_)
        for (Route& row : in_class) {
            const auto found = keys.find(key_of_.at(name).at(row.agency));
            row.key = found == keys.end() ? nullptr : found->second;
        }
    return out;
}

std::vector<std::string> Routing::missing_keys(const PseudonymKeys& keys) const {
    std::set<std::string> out;
    for (const auto& [name, in_class] : classes_)
        for (const Route& row : in_class) {
            const std::string& key = key_of_.at(name).at(row.agency);
            if (!row.hash.empty() && !keys.contains(key)) out.insert(key);
        }
    return {out.begin(), out.end()};
}

std::vector<std::string> Routing::classes() const {
    std::vector<std::string> out;
    for (const auto& [name, in_class] : classes_) out.push_back(name);
    return out;
}

const std::vector<std::string_view>& redactable_paths() {
    static const std::vector<std::string_view> kPaths{"message",
                                                      "observer",
                                                      "observer.hostname",
                                                      "source",
                                                      "source.ip",
                                                      "source.port",
                                                      "destination",
                                                      "destination.ip",
                                                      "destination.port",
                                                      "user",
                                                      "user.name",
                                                      "host",
                                                      "host.hostname",
                                                      "url",
                                                      "url.original",
                                                      "file",
                                                      "file.path",
                                                      "file.hash",
                                                      "related",
                                                      "related.ip",
                                                      "related.user",
                                                      "related.hosts",
                                                      "related.hash",
                                                      "threat",
                                                      "kentongan.count",
                                                      "kentongan.first_seen",
                                                      "kentongan.last_seen",
                                                      "kentongan.entity",
                                                      "kentongan.agencies",
                                                      "kentongan.advisory",
                                                      "kentongan.sirekap",
                                                      "kentongan.sirekap.tps",
                                                      "kentongan.sirekap.area",
                                                      "kentongan.evidence",
                                                      "kentongan.evidence.kind",
                                                      "kentongan.evidence.source",
                                                      "kentongan.evidence.offset",
                                                      "kentongan.evidence.sha256",
                                                      "kentongan.evidence.excerpt",
                                                      "kentongan.severity_reasons",
                                                      "kentongan.suppressed",
                                                      "kentongan.storm",
                                                      "kentongan.storm.of",
                                                      "kentongan.storm.name",
                                                      "kentongan.storm.alerts",
                                                      "kentongan.storm.ids",
                                                      "kentongan.storm.entities"};
    return kPaths;
}

bool is_redactable(std::string_view path) {
    return std::ranges::find(redactable_paths(), path) != redactable_paths().end();
}

}  // namespace kentongan
