#include "daemon/detect/sigma/item_reader.hpp"

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/fold.hpp"
#include "daemon/detect/sigma/modifiers.hpp"
#include "daemon/detect/sigma/scalar.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kShownValues = 3;
constexpr std::size_t kShownBytes = 120;

std::string name_of_type(const Scalar& scalar) {
    switch (scalar.type) {
        case Scalar::Type::null:
            return "null";
        case Scalar::Type::boolean:
            return "a boolean";
        case Scalar::Type::integer:
        case Scalar::Type::real:
            return "a number";
        case Scalar::Type::text:
            return fmt::format("the text '{}'", printable_utf8(scalar.text, 60));
    }
    return {};
}

/// Turns one value into its alternatives, as the modifiers say.
class OperandReader {
  public:
    OperandReader(const Modifiers& modifiers, Refusal& refusal)
        : modifiers_(modifiers), refusal_(refusal) {}

    std::vector<Operand> read(const Scalar& scalar) {
        switch (modifiers_.comparison) {
            case Comparison::text:
                return read_value(scalar);
            case Comparison::regex:
                return {read_regex(scalar)};
            case Comparison::network:
                return read_network(scalar);
            case Comparison::number:
                return {read_number(scalar)};
            case Comparison::exists:
                return {read_exists(scalar)};
            case Comparison::field:
                return {read_reference(scalar)};
        }
        return {};
    }

  private:
    void expect(bool right, const Scalar& scalar, std::string_view wanted) {
        if (!right)
            refusal_.failed(scalar.line, "{} is needed here, not {}", wanted, name_of_type(scalar));
    }

    bool only_contains() const {
        return std::ranges::all_of(modifiers_.steps,
                                   [](TextStep step) { return step == TextStep::contains; });
    }

    /// Sigma's rules for values without a comparison of their own. `contains` takes a number as
    /// text; the other string modifiers do not.
    std::vector<Operand> read_value(const Scalar& scalar) {
        if (scalar.type == Scalar::Type::text) return read_text(scalar, parse_glob(scalar.text));
        const bool plain = modifiers_.steps.empty();
        expect(plain || (only_contains() && scalar.is_number()), scalar, "text");
        if (scalar.type == Scalar::Type::null) return {NullOperand{}};
        if (scalar.type == Scalar::Type::boolean)
            return {TextOperand{literal_glob(scalar.boolean ? "true" : "false"), false}};
        if (!plain) return read_text(scalar, literal_glob(scalar.text));
        return {number_operand(scalar, NumberOperand::Relation::equal)};
    }

    static NumberOperand number_operand(const Scalar& scalar, NumberOperand::Relation relation) {
        NumberOperand out{relation, scalar.number(), std::nullopt};
        if (scalar.type == Scalar::Type::integer) out.exact = scalar.integer;
        return out;
    }

    std::vector<Operand> read_text(const Scalar& scalar, Glob glob) {
        std::vector<Glob> globs{std::move(glob)};
        for (const TextStep step : modifiers_.steps) {
            std::vector<Glob> changed;
            for (Glob& one : globs) apply(step, std::move(one), scalar, changed);
            globs = std::move(changed);
        }
        std::vector<Operand> out;
        for (Glob& one : globs) out.emplace_back(TextOperand{std::move(one), modifiers_.cased});
        return out;
    }

    void apply(TextStep step, Glob glob, const Scalar& scalar, std::vector<Glob>& out) {
        if (step >= TextStep::base64) return encode(step, glob, scalar, out);
        if (step == TextStep::any_dash) glob = with_any_dash(glob);
        if (step == TextStep::contains || step == TextStep::ends_with) open_front(glob);
        if (step == TextStep::contains || step == TextStep::starts_with) open_back(glob);
        out.push_back(std::move(glob));
    }

    void encode(TextStep step, const Glob& glob, const Scalar& scalar, std::vector<Glob>& out) {
        const auto literal = literal_of(glob);
        if (!literal || literal->empty())
            return refusal_.failed(scalar.line, "a value to encode must be text without wildcards");
        const auto put = [&](std::string text) { out.push_back(literal_glob(std::move(text))); };
        if (step == TextStep::base64) put(to_base64(as_bytes(*literal)));
        if (step == TextStep::base64_offset)
            for (auto& text : base64_at_offsets(*literal)) put(std::move(text));
        if (step == TextStep::utf16le) put(to_utf16(*literal, false));
        if (step == TextStep::utf16be) put(to_utf16(*literal, true));
        if (step == TextStep::utf16) put("\xFF\xFE" + to_utf16(*literal, false));
    }

    Operand read_regex(const Scalar& scalar) {
        expect(scalar.type == Scalar::Type::text || scalar.is_number(), scalar,
               "a regular expression");
        auto regex = Regex::compile(scalar.text, modifiers_.regex);
        if (!regex) {
            refusal_.failed(scalar.line, "regular expression '{}': {}",
                            printable_utf8(scalar.text, 80), regex.error());
            return NullOperand{};
        }
        const auto& flags = modifiers_.regex;
        return RegexOperand{
            std::move(*regex),
            fmt::format("{}{}{}{}", flags.ignore_case ? 'i' : '-', flags.multi_line ? 'm' : '-',
                        flags.dot_all ? 's' : '-', scalar.text)};
    }

    std::vector<Operand> read_network(const Scalar& scalar) {
        if (const auto network = IpNetwork::parse(scalar.text)) return {NetworkOperand{*network}};
        refusal_.failed(scalar.line, "{} is not a network such as 10.0.0.0/8 (host bits are zero)",
                        name_of_type(scalar));
        return {};
    }

    Operand read_number(const Scalar& scalar) {
        expect(scalar.is_number(), scalar, "a number");
        return number_operand(scalar, modifiers_.relation);
    }

    Operand read_exists(const Scalar& scalar) {
        expect(scalar.type == Scalar::Type::boolean, scalar, "true or false");
        return ExistsOperand{scalar.boolean};
    }

    Operand read_reference(const Scalar& scalar) {
        expect(scalar.type == Scalar::Type::text && !scalar.text.empty(), scalar, "a field name");
        FieldOperand out{scalar.text, false, false, modifiers_.cased};
        for (const TextStep step : modifiers_.steps) {
            out.open_front |= step == TextStep::contains || step == TextStep::ends_with;
            out.open_back |= step == TextStep::contains || step == TextStep::starts_with;
        }
        return out;
    }

    const Modifiers& modifiers_;
    Refusal& refusal_;
};

/// The scalars of a value or list, within the budget.
std::vector<Scalar> read_scalars(const yaml::Node& values, std::size_t& budget, Refusal& refusal) {
    std::vector<Scalar> out;
    const auto take = [&](const yaml::Node& node) {
        if (!node.IsScalar() && !node.IsNull())
            return refusal.failed(line_of(node),
                                  "a single value is needed here, not a list or map");
        if (budget == 0)
            return refusal.failed(line_of(node), "more than {} values", kMaximumValues);
        --budget;
        out.push_back(read_scalar(node));
        if (out.back().text.size() > kMaximumValueBytes)
            refusal.failed(line_of(node), "a value of more than {} bytes", kMaximumValueBytes);
    };
    if (!values.IsSequence()) take(values);
    for (std::size_t i = 0; values.IsSequence() && i < values.size() && !refusal.any(); ++i)
        take(values[i]);
    return out;
}

std::string shown(std::string_view key, const std::vector<Scalar>& scalars) {
    std::string out = key.empty() ? "keywords" : printable_utf8(key, kShownBytes);
    for (std::size_t i = 0; i < std::min(kShownValues, scalars.size()); ++i) {
        out += i == 0 ? ": " : ", ";
        const bool text = scalars[i].type == Scalar::Type::text;
        if (scalars[i].type == Scalar::Type::null) out += "null";
        out += (text ? "'" : "") + printable_utf8(scalars[i].text, kShownBytes) + (text ? "'" : "");
    }
    if (scalars.size() > kShownValues) out += fmt::format(", … ({} values)", scalars.size());
    return out;
}

Item read_operands(std::string_view key, const Modifiers& modifiers,
                   const std::vector<Scalar>& scalars, Refusal& refusal) {
    Item item;
    item.every = modifiers.every;
    item.negated = modifiers.negated;
    item.text = shown(key, scalars);
    for (std::size_t i = 0; i < scalars.size() && !refusal.any(); ++i)
        item.groups.push_back(OperandReader(modifiers, refusal).read(scalars[i]));
    if (scalars.empty())
        item.groups.push_back({NullOperand{}});  // `field: []`, as pySigma reads it
    return item;
}

/// Keywords are searched for, so they are open at both ends.
void make_keywords(Item& item, int line, Refusal& refusal) {
    for (auto& group : item.groups)
        for (Operand& operand : group) {
            if (auto* number = std::get_if<NumberOperand>(&operand); number && number->exact)
                operand = TextOperand{literal_glob(fmt::format("{}", *number->exact)), false};
            if (auto* text = std::get_if<TextOperand>(&operand)) {
                open_front(text->glob);
                open_back(text->glob);
            } else if (!std::holds_alternative<RegexOperand>(operand)) {
                refusal.failed(line,
                               "a keyword must be text, a whole number or a regular expression");
            }
        }
}

}  // namespace

Item read_item(const yaml::Node& key, const yaml::Node& values, std::size_t& budget,
               Refusal& refusal) {
    if (!key.IsScalar()) {
        refusal.failed(line_of(key), "a field name must be text");
        return {};
    }
    const std::string& name = key.Scalar();
    std::string_view modifiers_text = name;
    const std::string_view field = take_until(modifiers_text, '|');
    const Modifiers modifiers = read_modifiers(modifiers_text, line_of(key), refusal);
    if (refusal.any()) return {};
    Item item = read_operands(name, modifiers, read_scalars(values, budget, refusal), refusal);
    item.field = field;
    if (field.empty()) make_keywords(item, line_of(key), refusal);
    return item;
}

Item read_keywords(const std::vector<yaml::Node>& values, std::size_t& budget, Refusal& refusal) {
    std::vector<Scalar> scalars;
    for (const yaml::Node& node : values)
        for (Scalar& scalar : read_scalars(node, budget, refusal))
            scalars.push_back(std::move(scalar));
    Item item = read_operands({}, Modifiers{}, scalars, refusal);
    make_keywords(item, values.empty() ? 0 : line_of(values.front()), refusal);
    return item;
}

}  // namespace kentongan::sigma
