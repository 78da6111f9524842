// The `filter` section is a detection that also names rules.
#include "daemon/detect/sigma/filter_reader.hpp"

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/detection_reader.hpp"
#include "daemon/detect/sigma/metadata_reader.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kMaximumRules = 1000;

bool has_word(std::string_view text, std::string_view word) {
    const auto is_part = [](char c) {
        return c == '_' || c == '-' || c == '*' || c == '.' || (c >= '0' && c <= '9') ||
               (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        const auto end = at + word.size();
        if ((at == 0 || !is_part(text[at - 1])) && (end == text.size() || !is_part(text[end])))
            return true;
    }
    return false;
}

void read_rules_named(const YAML::Node& node, int line, FilterSyntax& out, Refusal& refusal) {
    if (!node.IsDefined() || node.IsNull())
        return refusal.failed(line, "the filter names no rules (a list of ids or names, or any)");
    if (node.IsScalar() && equals_ignoring_case(node.Scalar(), "any")) return;
    const std::size_t count = node.IsSequence() ? node.size() : 1;
    if (count == 0 || count > kMaximumRules)
        return refusal.failed(line_of(node), "'rules' names 1 to {} rules, or any", kMaximumRules);
    for (std::size_t i = 0; i < count; ++i) {
        const YAML::Node item = node.IsSequence() ? node[i] : node;
        if (!item.IsScalar() || item.Scalar().empty())
            return refusal.failed(line_of(item), "'rules' must be a list of ids or names, or any");
        out.rules.push_back(item.Scalar());
    }
}

void read_expiry(const YAML::Node& root, FilterSyntax& out, Refusal& refusal) {
    const std::string text = text_member(root, "expires", refusal);
    if (text.empty()) return;
    const auto day = text.size() == 10 ? parse_rfc3339(text + "T00:00:00Z") : std::nullopt;
    if (!day)
        return refusal.failed(line_of(member(root, "expires")),
                              "expires '{}' is not a date such as 2024-11-30",
                              printable_utf8(text, 40));
    out.expires = *day + std::chrono::days{1};
    out.expires_text = text;
}

}  // namespace

void read_filter(const YAML::Node& root, ItemContext& context, RuleDocument& out) {
    read_header(root, out);
    read_logsource(root, out);
    FilterSyntax& filter = out.filter.emplace();
    const YAML::Node section = member(root, "filter");
    filter.line = line_of(section);
    if (!section.IsMap()) return out.refusal.failed(filter.line, "'filter' must be a map");
    if (member(root, "detection").IsDefined())
        out.refusal.failed(line_of(root), "a document is a rule or a filter, not both");
    check_keys(section, out.refusal);
    read_rules_named(member(section, "rules"), filter.line, filter, out.refusal);
    read_expiry(root, filter, out.refusal);
    YAML::Node detection(YAML::NodeType::Map);
    for (const auto& entry : section)
        if (!entry.first.IsScalar() || entry.first.Scalar() != "rules")
            detection.force_insert(entry.first, entry.second);
    if (!out.refusal.any()) read_detection(detection, out.syntax, context, out.refusal);
    for (const Condition& condition : out.syntax.conditions)
        filter.has_not = filter.has_not || has_word(condition.text, "not");
}

}  // namespace kentongan::sigma
