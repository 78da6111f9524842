// What a hit carries of its event.
#include "daemon/detect/sigma/correlation_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace {

/// A value as it is compared: addresses in one spelling, long texts cut and told apart by a hash.
std::string compared(const Value& value, bool address) {
    if (address)
        if (const auto ip = value.address()) return ip->to_string();
    std::string out = value.to_string();
    if (out.size() <= kMaximumHitValue) return out;
    const std::string hash = sha256_hex(out).substr(0, 16);
    return printable_utf8(out, kMaximumHitValue) + "#" + hash;
}

/// A field of exactly the name, or else of one that differs in case or blanks.
std::optional<std::string> value_of(const Event& event, const CorrelationNode& node,
                                    std::size_t name) {
    for (const Field field : node.fields[name])
        if (const Value value = event.get(field); value.type() != Value::Type::null)
            return compared(value, node.addresses[name]);
    for (std::size_t i = 0; i < event.size(); ++i) {
        const std::string folded = group_name(name_of(event.field_at(i)));
        if (std::ranges::find(node.folded[name], folded) == node.folded[name].end()) continue;
        if (const Value value = event.value_at(i); value.type() != Value::Type::null)
            return compared(value, node.addresses[name]);
    }
    return std::nullopt;
}

/// The words of a name: "TargetUserName" is target, user, name; "id.orig_h" is id, orig, h.
bool has_word(std::string_view name, std::string_view wanted) {
    std::string word;
    const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
    for (std::size_t i = 0; i <= name.size(); ++i) {
        const bool end = i == name.size() || name[i] == '.' || name[i] == '_' || name[i] == '-' ||
                         name[i] == ' ';
        const bool hump = !end && i > 0 && !is_lower(name[i]) && is_lower(name[i - 1]);
        if ((end || hump) && word == wanted) return true;
        if (end || hump) word.clear();
        if (!end) word += ascii_lower(name[i]);
    }
    return false;
}

bool has_any_word(std::string_view name, const auto& words) {
    return std::ranges::any_of(words, [&](auto word) { return has_word(name, word); });
}

std::string_view name_of(Criterion::Relation relation) {
    constexpr std::array<std::string_view, 6> kNames{"eq", "neq", "gt", "gte", "lt", "lte"};
    return kNames[static_cast<std::size_t>(relation)];
}

}  // namespace

bool is_address(std::string_view field) {
    constexpr std::array<std::string_view, 5> kWords{"ip", "addr", "address", "ipaddress", "h"};
    return has_any_word(field, kWords);
}

bool is_identity(std::string_view field) {
    constexpr std::array<std::string_view, 4> kWords{"user", "username", "account", "login"};
    return is_address(field) || has_any_word(field, kWords);
}

std::shared_ptr<const Hit> hit_of(const std::shared_ptr<const CorrelationSet>& set,
                                  std::uint32_t rule, const Event& event, KeptEvent& kept) {
    const CorrelationNode& node = set->nodes()[rule];
    auto out = kept.hit();
    out->set = set;
    out->node = rule;
    out->values.reserve(node.names.size());
    for (std::size_t i = 0; i < node.names.size(); ++i)
        out->values.push_back(value_of(event, node, i));
    return out;
}

const std::string& aliased(const CorrelationSyntax& syntax, const std::string& field,
                           std::size_t position) {
    const auto alias = syntax.aliases.find(field);
    if (alias == syntax.aliases.end()) return field;
    const auto found = alias->second.find(syntax.rules[position]);
    return found == alias->second.end() ? field : found->second;
}

std::string describe(const Correlation& correlation) {
    const CorrelationSyntax& syntax = correlation.syntax;
    std::string out{name_of(syntax.type)};
    for (const auto& field : syntax.fields) out += " " + printable_utf8(field, 80);
    for (const Criterion& criterion : syntax.criteria)
        out += fmt::format(" {} {}", name_of(criterion.relation), criterion.bound);
    out += " within " + syntax.timespan_text;
    for (std::size_t i = 0; i < syntax.group_by.size(); ++i)
        out += (i == 0 ? " by " : ", ") + printable_utf8(syntax.group_by[i], 80);
    return out;
}

}  // namespace kentongan::sigma
