#include "daemon/alert/corroboration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kentongan {

namespace {

constexpr std::size_t kMaximumWitnesses = 16;  // of one subject

/// What the finding is about, an address in one spelling only.
std::vector<std::string> subjects_of(const Finding& finding, const std::string& entity) {
    std::vector<std::string> out;
    const auto add = [&](std::optional<IpAddress> address) {
        if (!address || address->is_loopback()) return;
        std::string text = address->to_string();
        if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
    };
    add(finding.subject.source_ip);
    if (const auto address = IpAddress::parse(entity))
        add(address);
    else if (!entity.empty())
        out.push_back(entity);
    return out;
}

}  // namespace

std::optional<Corroboration::Verdict> Corroboration::hear(const Finding& finding, Severity severity,
                                                          const std::string& entity,
                                                          const std::string& key) {
    if (!on() || finding.rule->advisory || severity == Severity::info) return std::nullopt;
    const Witness witness{finding.rule->id, finding.rule->ruleset,
                          finding.evidence.empty() ? std::string{} : finding.evidence[0].source,
                          finding.time, key};
    Verdict out;
    for (const std::string& subject : subjects_of(finding, entity)) {
        Witnesses& all = heard_.at(subject);
        testify(all, witness);
        const auto agreeing = independent(all);
        if (agreeing.size() < options_.witnesses) continue;
        std::vector<std::string_view> kinds;
        for (const Witness* one : agreeing) {
            if (std::ranges::find(kinds, name_of(one->ruleset)) == kinds.end())
                kinds.push_back(name_of(one->ruleset));
        }
        std::ranges::sort(kinds);
        for (const Witness& one : all)
            if (std::ranges::find(out.alerts, one.alert) == out.alerts.end())
                out.alerts.push_back(one.alert);
        out.reason = fmt::format("corroborated: {} independent witnesses ({}) within {} min",
                                 agreeing.size(), fmt::join(kinds, ", "),
                                 std::chrono::ceil<std::chrono::minutes>(options_.window).count());
    }
    if (out.alerts.empty()) return std::nullopt;
    return out;
}

/// One entry a rule and input, at its newest time; what is too old goes.
void Corroboration::testify(Witnesses& all, const Witness& witness) const {
    Timestamp newest = witness.at;
    for (const Witness& one : all) newest = std::max(newest, one.at);
    std::erase_if(all, [&](const Witness& one) {
        return newest - one.at > options_.window ||
               (one.rule_id == witness.rule_id && one.source == witness.source &&
                one.at <= witness.at);
    });
    if (newest - witness.at > options_.window) return;
    if (all.size() >= kMaximumWitnesses) all.pop_front();
    all.push_back(witness);
}

/// The oldest first; each next one that differs from all before in rule, and in kind or input.
std::vector<const Corroboration::Witness*> Corroboration::independent(const Witnesses& all) const {
    std::vector<const Witness*> out;
    for (const Witness& one : all) {
        const auto same = [&](const Witness* other) {
            return one.rule_id == other->rule_id ||
                   (one.ruleset == other->ruleset && one.source == other->source);
        };
        if (std::ranges::none_of(out, same)) out.push_back(&one);
    }
    return out;
}

}  // namespace kentongan
