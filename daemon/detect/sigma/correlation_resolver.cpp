// References become indexes, level by level.
#include "daemon/detect/sigma/correlation_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/field_map.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kCirclesNamed = 50;  // finding one looks at all that are unresolved

std::string shown(std::string_view text) { return printable_utf8(text, 80); }

void join_authors(std::vector<std::string>& out, const std::vector<std::string>& more) {
    for (const std::string& author : more)
        if (std::ranges::find(out, author) == out.end()) out.push_back(author);
}

}  // namespace

void CorrelationResolver::add(RuleDocument& document, std::string file) {
    candidates_.push_back({&document, std::move(file), {}});
}

std::shared_ptr<const CorrelationSet> CorrelationResolver::resolve(std::uint64_t serial) {
    for (Candidate& candidate : candidates_) look_up(candidate);
    find_levels();
    refuse_unresolved();
    auto out = std::make_shared<CorrelationSet>();
    out->serial_ = serial;
    build(*out);
    return out;
}

void CorrelationResolver::look_up(Candidate& candidate) {
    Refusal& refusal = candidate.document->refusal;
    if (refusal.any()) return;
    const CorrelationSyntax& syntax = *candidate.document->correlation;
    for (const std::string& name : syntax.rules) {
        const auto found = references_.find(name);
        if (found == references_.end())
            return refusal.failed(syntax.line, "it refers to '{}', which is no rule's id or name",
                                  shown(name));
        if (found->second.kind == Reference::Kind::ambiguous)
            return refusal.failed(syntax.line, "it refers to '{}', which several rules are named",
                                  shown(name));
        if (found->second.kind == Reference::Kind::refused)
            return refusal.failed(syntax.line, "it refers to '{}', a rule that was refused",
                                  shown(name));
        candidate.children.push_back(found->second);
    }
    check_aliases(candidate);
}

/// Aliases go by name. A rule that has none cannot be meant.
void CorrelationResolver::check_aliases(Candidate& candidate) const {
    const CorrelationSyntax& syntax = *candidate.document->correlation;
    Refusal& refusal = candidate.document->refusal;
    for (const auto& [alias, fields] : syntax.aliases)
        for (const auto& [rule, field] : fields) {
            if (std::ranges::find(syntax.rules, rule) == syntax.rules.end())
                return refusal.failed(syntax.line,
                                      "alias '{}' is for '{}', which is not the name of one of its "
                                      "rules (a rule needs a 'name', and to be listed by it)",
                                      shown(alias), shown(rule));
            const Reference& reference = references_.find(rule)->second;
            const std::string& name = reference.kind == Reference::Kind::rule
                                          ? program_.rules[reference.index].name
                                          : candidates_[reference.index].document->syntax.name;
            if (name != rule)
                return refusal.failed(syntax.line,
                                      "alias '{}' is for '{}', an id: the rule needs a 'name'",
                                      shown(alias), shown(rule));
        }
}

/// A correlation's level is one above the highest of those it refers to.
void CorrelationResolver::find_levels() {
    for (std::size_t level = 1; level <= kMaximumChain; ++level) {
        std::vector<Candidate*> ready;
        for (Candidate& candidate : candidates_) {
            if (candidate.level != 0 || candidate.document->refusal.any()) continue;
            const bool resolved = std::ranges::all_of(candidate.children, [&](const auto& child) {
                return child.kind == Reference::Kind::rule || candidates_[child.index].level != 0;
            });
            if (resolved) ready.push_back(&candidate);
        }
        for (Candidate* candidate : ready) candidate->level = level;
    }
}

void CorrelationResolver::refuse_unresolved() {
    std::vector<std::pair<Candidate*, std::string>> circles;
    for (Candidate& candidate : candidates_)
        if (candidate.level == 0 && !candidate.document->refusal.any())
            circles.emplace_back(&candidate, circles.size() < kCirclesNamed ? circle_from(candidate)
                                                                            : std::string{});
    for (const auto& [candidate, circle] : circles) {
        const int line = candidate->document->correlation->line;
        if (circle.empty())
            candidate->document->refusal.failed(
                line,
                "it stands on a correlation that was refused, or on more than {} one upon another",
                kMaximumChain);
        else
            candidate->document->refusal.failed(line, "it refers to itself: {}", circle);
    }
}

/// "a -> b -> a"; empty when following the unresolved references does not lead back.
std::string CorrelationResolver::circle_from(const Candidate& start) const {
    std::set<const Candidate*> seen;
    std::vector<std::pair<const Candidate*, std::string>> open{
        {&start, shown(start.document->title)}};
    while (!open.empty()) {
        const auto [at, path] = std::move(open.back());
        open.pop_back();
        for (const Reference& child : at->children) {
            if (child.kind != Reference::Kind::correlation) continue;
            const Candidate& next = candidates_[child.index];
            std::string longer =
                path.size() > 500 ? path : path + " -> " + shown(next.document->title);
            if (&next == &start) return printable_utf8(longer, 500);
            if (next.level == 0 && seen.insert(&next).second)
                open.emplace_back(&next, std::move(longer));
        }
    }
    return {};
}

void CorrelationResolver::build(CorrelationSet& set) const {
    set.rules_ = program_.rules.size();
    std::vector<Candidate> ordered;
    for (const Candidate& candidate : candidates_)
        if (candidate.level != 0) ordered.push_back(candidate);
    if (ordered.empty()) return;
    set.nodes_.resize(set.rules_ + ordered.size());
    std::vector<std::uint32_t> index(candidates_.size());
    for (std::size_t i = 0, next = 0; i < candidates_.size(); ++i)
        if (candidates_[i].level != 0) index[i] = static_cast<std::uint32_t>(next++);
    for (Candidate& candidate : ordered)
        for (Reference& child : candidate.children)
            if (child.kind == Reference::Kind::correlation) child.index = index[child.index];
    for (std::size_t i = 0; i < ordered.size(); ++i)
        ordered[i].index = static_cast<std::uint32_t>(i);
    set.correlations_.resize(ordered.size());
    std::vector<const Candidate*> inner_first;
    for (const Candidate& candidate : ordered) inner_first.push_back(&candidate);
    std::ranges::sort(inner_first, {},
                      [](const Candidate* c) { return std::pair{c->level, c->index}; });
    for (const Candidate* candidate : inner_first) add_correlation(*candidate, set);
    std::ranges::reverse(inner_first);  // what is wanted of an outer one is wanted of the inner
    for (const Candidate* candidate : inner_first) connect(*candidate, set);
}

void CorrelationResolver::add_correlation(const Candidate& candidate, CorrelationSet& set) const {
    Correlation& out = set.correlations_[candidate.index];
    out.syntax = *candidate.document->correlation;
    out.file = candidate.file;
    out.false_positives = candidate.document->syntax.false_positives;
    Rule rule = candidate.document->syntax.rule;
    std::string content = out.syntax.text;
    for (const Reference& child : candidate.children) {
        const bool plain = child.kind == Reference::Kind::rule;
        const Rule& other =
            plain ? *program_.rules[child.index].rule : *set.correlations_[child.index].rule;
        join_authors(rule.authors, other.authors);
        for (const std::string& category : other.categories)
            if (candidate.document->syntax.rule.categories.empty() &&
                std::ranges::find(rule.categories, category) == rule.categories.end())
                rule.categories.push_back(category);
        content += '\n' + (plain ? other.id : set.correlations_[child.index].content);
    }
    out.content = sha256_hex(content);
    out.rule = std::make_shared<const Rule>(std::move(rule));
}

void CorrelationResolver::connect(const Candidate& candidate, CorrelationSet& set) const {
    const CorrelationSyntax& syntax = set.correlations_[candidate.index].syntax;
    const auto own_names = set.nodes_[set.rules_ + candidate.index].names;
    for (std::size_t i = 0; i < candidate.children.size(); ++i) {
        const Reference& child = candidate.children[i];
        Feed feed{candidate.index, static_cast<std::uint16_t>(i), {}, {}};
        for (const std::string& field : syntax.group_by)
            feed.group.push_back(want(child, aliased(syntax, field, i), set));
        for (const std::string& field : syntax.fields)
            feed.value.push_back(want(child, aliased(syntax, field, i), set));
        for (const std::string& name : own_names)
            if (std::ranges::find(syntax.group_by, name) == syntax.group_by.end())
                static_cast<void>(want(child, aliased(syntax, name, i), set));
        CorrelationNode& node = set.nodes_[node_of(child, set)];
        if (node.feeds.empty()) node.alerts = false;
        node.alerts = node.alerts || syntax.generate;
        node.feeds.push_back(std::move(feed));
    }
}

std::uint32_t CorrelationResolver::node_of(const Reference& reference,
                                           const CorrelationSet& set) const {
    return reference.kind == Reference::Kind::rule
               ? reference.index
               : static_cast<std::uint32_t>(set.rules_ + reference.index);
}

/// The place of a name among the values that hits of a node carry, made when it is new.
std::uint16_t CorrelationResolver::want(const Reference& reference, const std::string& name,
                                        CorrelationSet& set) const {
    CorrelationNode& node = set.nodes_[node_of(reference, set)];
    const auto found = std::ranges::find(node.names, name);
    if (found != node.names.end()) return static_cast<std::uint16_t>(found - node.names.begin());
    node.names.push_back(name);
    if (reference.kind == Reference::Kind::rule) {
        node.addresses.push_back(is_address(name));
        auto& fields = node.fields.emplace_back();
        auto& folded = node.folded.emplace_back();
        const auto& logsource = program_.rules[reference.index].logsource;
        for (const std::string& field : field_names(name, logsource).names) {
            folded.push_back(group_name(field));
            if (const auto id = intern_field(field)) fields.push_back(*id);
        }
    }
    return static_cast<std::uint16_t>(node.names.size() - 1);
}

}  // namespace kentongan::sigma
