#include "daemon/detect/yara/metadata.hpp"

#include <fmt/format.h>

#include "daemon/base/text.hpp"

namespace kentongan::yara {

namespace {

constexpr std::size_t kTextCap = 512;

/// A number 0 to 4 as in our catalogue, or a name.
std::optional<Severity> severity_of(std::string_view text) {
    const auto number = parse_number<int>(text);
    if (!number) return parse_severity(text);
    if (*number < 0 || *number > 4) return std::nullopt;
    return static_cast<Severity>(*number);
}

/// The score 0 to 100 of public rule sets.
std::optional<Severity> severity_of_score(std::string_view text) {
    const auto score = parse_number<int>(text);
    if (!score) return std::nullopt;
    if (*score >= 80) return Severity::high;
    return *score >= 60 ? Severity::medium : Severity::low;
}

/// "T1505.003, attack.t1036.008" as T1505.003 and T1036.008.
void add_techniques(std::string_view text, std::vector<std::string>& out) {
    while (!text.empty()) {
        std::string_view word = trim(take_until(text, ','));
        if (to_lower(word.substr(0, 7)) == "attack.") word.remove_prefix(7);
        const bool digit = word.size() > 1 && word[1] >= '0' && word[1] <= '9';
        if (digit && ascii_lower(word[0]) == 't')
            out.push_back("T" + printable_utf8(word.substr(1), 16));
    }
}

void put(std::string_view key, std::string_view value, Rule& out) {
    const std::string text = printable_utf8(trim(value), kTextCap);
    if (key == "id" && !text.empty()) out.id = text;
    if (key == "description" && !text.empty()) out.name = text;
    if (key == "author") out.authors.push_back(text);
    if (key == "version") out.version = text;
    if (key == "class" && !text.empty()) out.rule_class = text;
    if (key == "technique" || key == "attack" || key == "mitre_attack")
        add_techniques(value, out.techniques);
}

}  // namespace

Rule rule_of(const YR_RULE& compiled) {
    Rule out;
    out.id = fmt::format("yara:{}:{}", compiled.ns->name, compiled.identifier);
    out.name = compiled.identifier;
    out.ruleset = Ruleset::yara;
    out.categories = {"file", "malware"};
    std::optional<Severity> severity;
    std::optional<Severity> score;
    const YR_RULE* rule = &compiled;
    const YR_META* meta = nullptr;
    yr_rule_metas_foreach(rule, meta) {
        const std::string_view key = meta->identifier;
        const std::string value = meta->type == META_TYPE_STRING ? std::string(meta->string)
                                                                 : std::to_string(meta->integer);
        put(key, value, out);
        if (key == "severity") severity = severity_of(value);
        if (key == "score") score = severity_of_score(value);
    }
    out.severity = severity.value_or(score.value_or(Severity::medium));
    return out;
}

}  // namespace kentongan::yara
