// Turns scalars into operands, or says why it cannot.
#include "daemon/detect/sigma/operand_reader.hpp"

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/fold.hpp"

namespace kentongan::sigma {

namespace {

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
            case Comparison::date:
                return {read_date(scalar)};
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

    Operand read_date(const Scalar& scalar) {
        expect(scalar.is_number(), scalar, "a number");
        return DateOperand{modifiers_.part, modifiers_.relation, scalar.number()};
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

}  // namespace

std::vector<Operand> read_operand(const Modifiers& modifiers, const Scalar& scalar,
                                  Refusal& refusal) {
    return OperandReader(modifiers, refusal).read(scalar);
}

}  // namespace kentongan::sigma
