// The `correlation` section: every key is known, or refused by name.
#include "daemon/detect/sigma/correlation_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/item_reader.hpp"
#include "daemon/detect/sigma/metadata_reader.hpp"
#include "daemon/detect/sigma/scalar.hpp"

namespace kentongan::sigma {

namespace {

using Relation = Criterion::Relation;

struct NamedType {
    std::string_view name;
    CorrelationType type;
};
constexpr std::array kTypes{
    NamedType{"event_count", CorrelationType::event_count},
    NamedType{"value_count", CorrelationType::value_count},
    NamedType{"temporal", CorrelationType::temporal},
    NamedType{"temporal_ordered", CorrelationType::temporal_ordered},
    NamedType{"value_sum", CorrelationType::value_sum},
    NamedType{"value_avg", CorrelationType::value_avg},
    NamedType{"value_percentile", CorrelationType::value_percentile},
    NamedType{"value_median", CorrelationType::value_percentile},
};

struct NamedRelation {
    std::string_view name;
    Relation relation;
};
constexpr std::array kRelations{
    NamedRelation{"eq", Relation::equal},   NamedRelation{"neq", Relation::not_equal},
    NamedRelation{"gt", Relation::greater}, NamedRelation{"gte", Relation::greater_equal},
    NamedRelation{"lt", Relation::less},    NamedRelation{"lte", Relation::less_equal},
};

std::string shown(std::string_view text) { return printable_utf8(text, 80); }

class CorrelationReader {
  public:
    explicit CorrelationReader(RuleDocument& document)
        : refusal_(document.refusal), out_(document.correlation.emplace()) {}

    void read(const YAML::Node& section, const YAML::Node& root) {
        out_.line = line_of(section);
        if (!section.IsMap()) return refusal_.failed(out_.line, "'correlation' must be a map");
        check_keys(section, refusal_);
        read_type(member(section, "type"));
        for (const auto& entry : section) read_key(entry.first, entry.second);
        if (const YAML::Node node = member(root, "generate"); node.IsDefined()) read_generate(node);
        check();
    }

  private:
    void read_type(const YAML::Node& node) {
        const std::string name = node.IsDefined() && node.IsScalar() ? node.Scalar() : "";
        if (name == "temporal_extended" || name == "temporal_ordered_extended")
            return refusal_.unsupported(line_of(node), "correlation type '{}'", name);
        for (const NamedType& known : kTypes)
            if (known.name == name) {
                out_.type = known.type;
                return;
            }
        std::vector<std::string_view> names;
        for (const NamedType& known : kTypes) names.push_back(known.name);
        const auto nearest = name.size() < 100 ? nearest_word(name, names) : std::string_view{};
        if (name.empty()) return refusal_.failed(out_.line, "the correlation has no type");
        if (nearest.empty())
            return refusal_.unsupported(line_of(node), "correlation type '{}'", shown(name));
        refusal_.unsupported(line_of(node), "correlation type '{}'; did you mean '{}'?",
                             shown(name), nearest);
    }

    void read_key(const YAML::Node& key, const YAML::Node& value) {
        const std::string name = key.IsScalar() ? key.Scalar() : "";
        if (name == "type") return;
        if (name == "rules") return read_texts(value, name, kMaximumReferences, out_.rules);
        if (name == "group-by") return read_texts(value, name, kMaximumGroupFields, out_.group_by);
        if (name == "timespan") return read_timespan(value);
        if (name == "condition") return read_condition(value);
        if (name == "aliases") return read_aliases(value);
        if (name == "generate") return read_generate(value);
        refusal_.failed(line_of(key), "unknown key '{}' in a correlation", shown(name));
    }

    void read_texts(const YAML::Node& node, std::string_view name, std::size_t most,
                    std::vector<std::string>& out) {
        const std::size_t count = node.IsSequence() ? node.size() : 1;
        if (count > most) return refusal_.failed(line_of(node), "more than {} of '{}'", most, name);
        for (std::size_t i = 0; i < count; ++i) {
            const YAML::Node item = node.IsSequence() ? node[i] : node;
            if (!item.IsScalar() || item.Scalar().empty() ||
                item.Scalar().size() > kMaximumValueBytes)
                return refusal_.failed(line_of(item), "'{}' must be a list of texts", name);
            if (std::ranges::find(out, item.Scalar()) != out.end())
                return refusal_.failed(line_of(item), "'{}' names '{}' twice", name,
                                       shown(item.Scalar()));
            out.push_back(item.Scalar());
        }
    }

    void read_timespan(const YAML::Node& node) {
        constexpr std::string_view kUnits = "smhdw";
        constexpr std::array<std::int64_t, 5> kSeconds{1, 60, 3600, 86'400, 604'800};
        constexpr std::int64_t kLongest = 366 * 86'400;
        const std::string text = node.IsScalar() ? node.Scalar() : "";
        const auto unit = text.empty() ? kUnits.npos : kUnits.find(text.back());
        const auto number = parse_number<std::int64_t>(
            std::string_view(text).substr(0, text.empty() ? 0 : text.size() - 1));
        if (number && (text.back() == 'M' || text.back() == 'y'))
            return refusal_.unsupported(line_of(node), "timespan '{}': use s, m, h, d or w",
                                        shown(text));
        if (unit == kUnits.npos || !number || *number < 1 || *number > kLongest / kSeconds[unit])
            return refusal_.failed(line_of(node),
                                   "timespan '{}' is not a number with s, m, h, d or w, at most "
                                   "366 days",
                                   shown(text));
        out_.timespan = std::chrono::seconds{*number * kSeconds[unit]};
        out_.timespan_text = text;
    }

    void read_condition(const YAML::Node& node) {
        if (node.IsScalar() && is_temporal(out_.type))
            return refusal_.unsupported(line_of(node),
                                        "a condition of words in a temporal correlation");
        if (!node.IsMap())
            return refusal_.failed(line_of(node), "the condition must be a map such as 'gte: 10'");
        check_keys(node, refusal_);
        for (const auto& entry : node) read_condition_key(entry.first, entry.second);
    }

    void read_condition_key(const YAML::Node& key, const YAML::Node& value) {
        const std::string name = key.IsScalar() ? key.Scalar() : "";
        if (name == "field") return read_texts(value, name, kMaximumGroupFields, out_.fields);
        if (name == "percentile" && out_.type == CorrelationType::value_percentile) {
            out_.percentile = read_number(value, name);
            if (!(out_.percentile > 0 && out_.percentile <= 100))
                refusal_.failed(line_of(value), "a percentile lies above 0 and up to 100");
            return;
        }
        for (const NamedRelation& known : kRelations)
            if (known.name == name) {
                out_.criteria.push_back({known.relation, read_number(value, name)});
                return;
            }
        refusal_.failed(line_of(key), "unknown key '{}' in the condition", shown(name));
    }

    double read_number(const YAML::Node& node, std::string_view name) {
        const Scalar scalar = node.IsScalar() ? read_scalar(node) : Scalar{};
        if (!scalar.is_number() || std::abs(scalar.number()) > kMaximumThreshold)
            refusal_.failed(line_of(node), "'{}' needs a number", name);
        return scalar.is_number() ? scalar.number() : 0;
    }

    void read_aliases(const YAML::Node& node) {
        if (!node.IsMap()) return refusal_.failed(line_of(node), "'aliases' must be a map");
        check_keys(node, refusal_);
        if (node.size() > kMaximumAliases)
            return refusal_.failed(line_of(node), "more than {} aliases", kMaximumAliases);
        for (const auto& alias : node) {
            if (!alias.first.IsScalar() || !alias.second.IsMap() ||
                alias.second.size() > kMaximumReferences)
                return refusal_.failed(line_of(alias.first),
                                       "an alias must be a map of rule names and fields");
            check_keys(alias.second, refusal_);
            auto& fields = out_.aliases[alias.first.Scalar()];
            for (const auto& entry : alias.second)
                if (entry.first.IsScalar() && entry.second.IsScalar())
                    fields[entry.first.Scalar()] = entry.second.Scalar();
                else
                    refusal_.failed(line_of(entry.first), "an alias names rules and their fields");
        }
    }

    void read_generate(const YAML::Node& node) {
        const Scalar scalar = node.IsScalar() ? read_scalar(node) : Scalar{};
        if (scalar.type != Scalar::Type::boolean)
            return refusal_.failed(line_of(node), "'generate' must be true or false");
        out_.generate = scalar.boolean;
    }

    void check() {
        const bool counts_events = out_.type == CorrelationType::event_count;
        if (out_.rules.empty()) refusal_.failed(out_.line, "the correlation names no rules");
        if (out_.timespan.count() == 0)
            refusal_.failed(out_.line, "the correlation has no timespan");
        if (is_temporal(out_.type) || counts_events) {
            if (!out_.fields.empty())
                refusal_.failed(out_.line, "'field' has no meaning in this type of correlation");
        } else if (out_.fields.empty()) {
            refusal_.failed(out_.line, "the condition names no 'field'");
        } else if (out_.fields.size() > 1 && out_.type != CorrelationType::value_count) {
            refusal_.failed(out_.line, "only value_count takes several fields");
        }
        if (out_.criteria.empty() && !is_temporal(out_.type))
            refusal_.failed(out_.line, "the condition has none of gt, gte, lt, lte, eq, neq");
        if (out_.type == CorrelationType::temporal_ordered)
            for (const Criterion& criterion : out_.criteria)
                if (criterion.relation != Relation::greater &&
                    criterion.relation != Relation::greater_equal)
                    refusal_.unsupported(out_.line, "temporal_ordered with another bound than gte");
        if (out_.type == CorrelationType::value_count)
            for (const Criterion& criterion : out_.criteria)
                if (criterion.bound > kMaximumDistinct)
                    refusal_.unsupported(out_.line, "counting more than {} distinct values",
                                         kMaximumDistinct);
    }

    Refusal& refusal_;
    CorrelationSyntax& out_;
};

}  // namespace

std::string_view name_of(CorrelationType type) {
    for (const NamedType& known : kTypes)
        if (known.type == type) return known.name;
    return {};
}

void read_correlation(const YAML::Node& root, std::string_view text, RuleDocument& out) {
    read_header(root, out);
    CorrelationReader(out).read(member(root, "correlation"), root);
    if (text.starts_with("---")) text.remove_prefix(3);
    out.correlation->text = trim(text);
    if (member(root, "detection").IsDefined())
        out.refusal.failed(line_of(root), "a document is a rule or a correlation, not both");
}

}  // namespace kentongan::sigma
