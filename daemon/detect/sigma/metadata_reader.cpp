#include "daemon/detect/sigma/metadata_reader.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/item_reader.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kMaximumList = 1000;
constexpr std::size_t kMaximumTitle = 256;

}  // namespace

std::string text_member(const YAML::Node& map, std::string_view key, Refusal& refusal) {
    const YAML::Node node = member(map, key);
    if (!node.IsDefined() || node.IsNull()) return {};
    if (node.IsScalar()) return printable_utf8(node.Scalar(), kMaximumValueBytes);
    refusal.failed(line_of(node), "'{}' must be text", key);
    return {};
}

namespace {

std::vector<std::string> list_member(const YAML::Node& map, std::string_view key,
                                     Refusal& refusal) {
    const YAML::Node node = member(map, key);
    if (!node.IsDefined() || node.IsNull()) return {};
    if (node.IsScalar()) return {printable_utf8(node.Scalar())};
    std::vector<std::string> out;
    if (!node.IsSequence()) refusal.failed(line_of(node), "'{}' must be a list", key);
    for (std::size_t i = 0; node.IsSequence() && i < std::min(node.size(), kMaximumList); ++i)
        if (node[i].IsScalar())
            out.push_back(printable_utf8(node[i].Scalar()));
        else
            refusal.failed(line_of(node[i]), "'{}' must be a list of texts", key);
    return out;
}

/// Authors are separated by commas outside brackets: "A (Company, Inc), B".
std::vector<std::string> split_authors(std::string_view text) {
    std::vector<std::string> out;
    int depth = 0;
    std::size_t start = 0;
    const auto take = [&](std::size_t end) {
        const auto author = trim(text.substr(start, end - start));
        if (!author.empty()) out.emplace_back(author);
        start = end + 1;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '(' || text[i] == '[') ++depth;
        if (text[i] == ')' || text[i] == ']') depth = std::max(0, depth - 1);
        if (text[i] == ',' && depth == 0) take(i);
    }
    take(text.size());
    return out;
}

/// "t1110.001" as ATT&CK writes it; empty for tactics, groups and software.
std::string technique_of(std::string_view tag) {
    constexpr std::string_view kPrefix = "attack.t";
    if (!tag.starts_with(kPrefix)) return {};
    const std::string_view digits = tag.substr(kPrefix.size());
    const bool right = digits.size() >= 4 && digits.find_first_not_of("0123456789.") == digits.npos;
    return right ? "T" + std::string(digits) : std::string{};
}

void read_tags(const YAML::Node& root, Rule& rule, Refusal& refusal) {
    constexpr std::string_view kClass = "kentongan.class.";
    constexpr std::string_view kCategory = "kentongan.category.";
    for (const std::string& written : list_member(root, "tags", refusal)) {
        const std::string tag = to_lower(written);
        if (auto technique = technique_of(tag); !technique.empty())
            rule.techniques.push_back(std::move(technique));
        if (tag.starts_with(kClass)) rule.rule_class = tag.substr(kClass.size());
        if (tag.starts_with(kCategory)) rule.categories.push_back(tag.substr(kCategory.size()));
    }
}

/// The ECS category that a logsource implies, for rules that do not tag their own.
std::string_view category_of(const LogSourceNames& logsource) {
    struct Implied {
        std::string_view name, category;
    };
    constexpr std::array kImplied{
        Implied{"webserver", "web"},
        Implied{"proxy", "web"},
        Implied{"nginx", "web"},
        Implied{"apache", "web"},
        Implied{"dns", "network"},
        Implied{"firewall", "network"},
        Implied{"network", "network"},
        Implied{"network_connection", "network"},
        Implied{"zeek", "network"},
        Implied{"file_event", "file"},
        Implied{"process_creation", "process"},
        Implied{"sshd", "authentication"},
        Implied{"auth", "authentication"},
        Implied{"sudo", "authentication"},
        Implied{"database", "database"},
        Implied{"antivirus", "malware"},
    };
    for (const std::string* name : {&logsource.category, &logsource.service, &logsource.product})
        for (const auto& implied : kImplied)
            if (implied.name == *name) return implied.category;
    return {};
}

}  // namespace

void read_logsource(const YAML::Node& root, RuleDocument& out) {
    const YAML::Node node = member(root, "logsource");
    if (!node.IsDefined() || !node.IsMap())
        return out.refusal.failed(line_of(root), "the rule has no logsource");
    check_keys(node, out.refusal);
    LogSourceNames& names = out.syntax.logsource;
    names.category = text_member(node, "category", out.refusal);
    names.product = text_member(node, "product", out.refusal);
    names.service = text_member(node, "service", out.refusal);
    if (names.category.empty() && names.product.empty() && names.service.empty())
        out.refusal.failed(line_of(node), "logsource names no category, product or service");
}

namespace {

void read_level(const YAML::Node& root, RuleDocument& out) {
    const std::string level = text_member(root, "level", out.refusal);
    if (level.empty()) return;  // optional; medium
    if (const auto severity = parse_severity(level))
        out.syntax.rule.severity = *severity;
    else
        out.refusal.failed(line_of(member(root, "level")), "unknown level '{}'", level);
}

void check_status(const YAML::Node& root, Refusal& refusal) {
    constexpr std::array<std::string_view, 3> kLive{"stable", "test", "experimental"};
    const std::string status = text_member(root, "status", refusal);
    if (status.empty() || std::ranges::find(kLive, status) != kLive.end()) return;
    const int line = line_of(member(root, "status"));
    if (status == "deprecated" || status == "unsupported")
        return refusal.unsupported(line, "status '{}': such rules are off", status);
    refusal.failed(line, "unknown status '{}'", status);
}

void check_taxonomy(const YAML::Node& root, Refusal& refusal) {
    const std::string taxonomy = text_member(root, "taxonomy", refusal);
    if (taxonomy.empty() || taxonomy == "sigma" || taxonomy == "ecs") return;
    refusal.unsupported(line_of(member(root, "taxonomy")), "taxonomy '{}'", taxonomy);
}

void read_title(const YAML::Node& root, RuleDocument& out) {
    out.title = text_member(root, "title", out.refusal);
    if (out.title.empty()) out.refusal.failed(line_of(root), "the rule has no title");
    out.title = printable_utf8(out.title, kMaximumTitle);
    out.syntax.rule.name = out.title;
}

}  // namespace

YAML::Node member(const YAML::Node& map, std::string_view key) {
    if (map.IsMap())
        for (const auto& entry : map)
            if (entry.first.IsScalar() && entry.first.Scalar() == key) return entry.second;
    return YAML::Node(YAML::NodeType::Undefined);
}

void check_keys(const YAML::Node& map, Refusal& refusal) {
    std::set<std::string> seen;
    for (const auto& entry : map)
        if (entry.first.IsScalar() && !seen.insert(entry.first.Scalar()).second)
            refusal.failed(line_of(entry.first), "the key '{}' stands twice in one map",
                           printable_utf8(entry.first.Scalar(), 80));
}

void read_header(const YAML::Node& root, RuleDocument& out) {
    Rule& rule = out.syntax.rule;
    rule.ruleset = kentongan::Ruleset::sigma;
    read_title(root, out);
    rule.id = text_member(root, "id", out.refusal);
    if (rule.id.empty()) rule.id = "sigma:" + rule.name;
    out.syntax.name = text_member(root, "name", out.refusal);
    rule.version = text_member(root, "modified", out.refusal);
    if (rule.version.empty()) rule.version = text_member(root, "date", out.refusal);
    rule.authors = split_authors(text_member(root, "author", out.refusal));
    out.syntax.references = list_member(root, "references", out.refusal);
    out.syntax.false_positives = list_member(root, "falsepositives", out.refusal);
    read_level(root, out);
    read_tags(root, rule, out.refusal);
    check_status(root, out.refusal);
    check_taxonomy(root, out.refusal);
}

void read_metadata(const YAML::Node& root, RuleDocument& out) {
    read_header(root, out);
    read_logsource(root, out);
    Rule& rule = out.syntax.rule;
    if (rule.categories.empty())
        if (const auto category = category_of(out.syntax.logsource); !category.empty())
            rule.categories.emplace_back(category);
}

}  // namespace kentongan::sigma
