// Which filter meets which rule.
#include "daemon/detect/sigma/filter_set.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/compiler.hpp"

namespace kentongan::sigma {

namespace {

bool covers(const std::string& filter, const std::string& rule) {
    return filter.empty() || filter == rule;
}

bool covers(const LogSourceNames& filter, const LogSourceNames& rule) {
    return covers(filter.category, rule.category) && covers(filter.product, rule.product) &&
           covers(filter.service, rule.service);
}

void add_remark(std::string& out, const std::string& remark) {
    out += out.empty() ? "warning: " : "; ";
    out += remark;
}

}  // namespace

void FilterSet::add(const RuleSyntax& rule, const FilterSyntax& filter, Refusal& refusal) {
    if (refusal.any()) return;
    Compiler().check(rule, refusal);
    if (refusal.any()) return;
    Entry entry;
    entry.rule = &rule;
    entry.filter = &filter;
    entry.expired = filter.expires && now_ >= *filter.expires;
    for (const std::string& name : filter.rules) entry.named.emplace(name, false);
    entries_.push_back(std::move(entry));
}

/// Whether the filter is for the rule; notes which of its names were found.
bool FilterSet::names(Entry& entry, const RuleSyntax& rule, bool covered) {
    if (entry.named.empty()) return covered;
    bool named = false;
    for (const std::string& key : {rule.rule.id, rule.name}) {
        const auto found = entry.named.find(key);
        if (key.empty() || found == entry.named.end()) continue;
        found->second = true;
        named = true;
        if (!covered) entry.uncovered.push_back(key);
    }
    return named && covered;
}

std::vector<const RuleSyntax*> FilterSet::for_rule(const RuleSyntax& rule) {
    std::vector<const RuleSyntax*> out;
    for (Entry& entry : entries_)
        if (names(entry, rule, covers(entry.rule->logsource, rule.logsource)) && !entry.expired)
            out.push_back(entry.rule);
    return out;
}

std::string FilterSet::remark_on(const RuleSyntax& rule) const {
    const auto found = std::ranges::find(entries_, &rule, &Entry::rule);
    if (found == entries_.end()) return {};
    std::string out;
    if (found->expired)
        add_remark(out, fmt::format("expired after {}: not applied", found->filter->expires_text));
    if (!found->filter->has_not)
        add_remark(out, "its condition has no 'not': only what it selects still matches");
    for (const auto& [name, known] : found->named)
        if (!known)
            add_remark(out, fmt::format("no rule '{}' is loaded", printable_utf8(name, 80)));
    for (const std::string& name : found->uncovered)
        add_remark(out, fmt::format("its logsource does not cover that of '{}'",
                                    printable_utf8(name, 80)));
    return out;
}

}  // namespace kentongan::sigma
