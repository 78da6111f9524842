#include "daemon/store/query/value.hpp"

#include <algorithm>
#include <array>

#include "daemon/alert/alert.hpp"
#include "daemon/base/text.hpp"
#include "daemon/store/query/words.hpp"

namespace kentongan::query {

namespace {

using Test = Condition::Test;
using Outcome = std::expected<Condition, Refusal>;

std::string shown(std::string_view text) {
    std::string out{text};
    std::ranges::replace(out, kWild, '*');
    return printable_utf8(out, 60);
}

std::unexpected<Refusal> refuse(const Token& at, std::string message) {
    return std::unexpected(Refusal{at.offset, at.length, std::move(message)});
}

/// Narrows to what the comparison asks of values from `low` to `high` (inclusive).
void set_range(Condition& out, Compare compare, std::int64_t low, std::int64_t high) {
    out.test = Test::range;
    if (compare == Compare::equals || compare == Compare::at_least) out.low = low;
    if (compare == Compare::above) out.low = high + 1;
    if (compare == Compare::equals || compare == Compare::at_most) out.high = high;
    if (compare == Compare::below) out.high = low - 1;
}

Outcome severity_value(Condition out, Compare compare, const Token& value) {
    const auto parsed = parse_severity(value.text);
    if (!parsed) {
        constexpr std::array<std::string_view, 5> kNames{"info", "low", "medium", "high",
                                                         "critical"};
        const auto near = nearest_word(to_lower(value.text), kNames);
        return refuse(value,
                      fmt::format("\"{}\" is no severity; {}use info, low, medium, high or "
                                  "critical",
                                  shown(value.text),
                                  near.empty() ? "" : fmt::format("did you mean {}? ", near)));
    }
    const auto level = static_cast<std::int64_t>(*parsed);
    set_range(out, compare, level, level);
    return out;
}

Outcome number_value(Condition out, Compare compare, const Token& value) {
    const auto parsed = parse_number<std::int64_t>(value.text);
    if (!parsed || *parsed < 0 || *parsed > std::numeric_limits<std::int64_t>::max() / 2)
        return refuse(value, fmt::format("\"{}\" is no number; {} is counted in whole numbers from "
                                         "0",
                                         shown(value.text), out.field->text));
    set_range(out, compare, *parsed, *parsed);
    return out;
}

Outcome time_value(Condition out, Compare compare, const Token& value, Timestamp now) {
    const auto parsed = parse_time(value.text, now);
    if (!parsed)
        return refuse(value, fmt::format("\"{}\" is no time; write now-2h, now/d, 2024-11-27, or "
                                         "\"2024-11-27 06:00 WIB\" (WIB, WITA, WIT, Z or +07:00)",
                                         shown(value.text)));
    set_range(out, compare, parsed->low, parsed->high - 1);
    return out;
}

Outcome address_value(Condition out, const Token& value) {
    out.test = Test::network;
    if (const auto network = IpNetwork::parse(value.text)) {
        auto last = network->base().bytes();
        for (unsigned bit = network->bits(); bit < 128; ++bit)
            last[bit / 8] = static_cast<std::uint8_t>(last[bit / 8] | (0x80U >> (bit % 8)));
        out.from = network->base();
        out.to = IpAddress{last};
        return out;
    }
    const auto slash = value.text.find('/');
    const auto base = IpAddress::parse(std::string_view(value.text).substr(0, slash));
    const auto bits = slash == std::string::npos
                          ? std::nullopt
                          : parse_number<unsigned>(std::string_view(value.text).substr(slash + 1));
    if (base && bits && *bits <= (base->is_v4() ? 32U : 128U))
        return refuse(
            value,
            fmt::format("\"{}\" has bits set beyond its /{}; write {}/{}", shown(value.text), *bits,
                        base->masked(*bits + (base->is_v4() ? 96U : 0U)).to_string(), *bits));
    return refuse(value, fmt::format("\"{}\" is neither an address nor a network; write 10.1.2.3, "
                                     "10.0.0.0/8 or 2001:db8::/32",
                                     shown(value.text)));
}

Outcome place_value(Condition out, const Token& value) {
    const bool digits =
        std::ranges::all_of(value.text, [](char c) { return c >= '0' && c <= '9'; });
    constexpr std::array<std::size_t, 5> kLengths{2, 4, 6, 10, 13};
    if (!digits || std::ranges::find(kLengths, value.text.size()) == kLengths.end())
        return refuse(value, fmt::format("\"{}\" is no area's code; it has 2, 4, 6 or 10 digits, "
                                         "that of a TPS 13",
                                         shown(value.text)));
    out.test = Test::prefix;
    out.text = value.text;
    return out;
}

Outcome flag_value(Condition out, const Token& value) {
    const bool yes = equals_ignoring_case(value.text, "true");
    if (!yes && !equals_ignoring_case(value.text, "false"))
        return refuse(value, fmt::format("\"{}\" is neither true nor false", shown(value.text)));
    set_range(out, Compare::equals, yes ? 1 : 0, yes ? 1 : 0);
    return out;
}

/// Names that are known beforehand are checked, so that a slip is not an empty answer.
std::string unknown_name(const Field& field, std::string_view value) {
    constexpr std::array<std::string_view, 5> kStates{"new", "acknowledged", "assigned",
                                                      "escalated", "closed"};
    constexpr std::array<std::string_view, 5> kReasons{"true", "benign", "false", "duplicate",
                                                       "exercise"};
    constexpr std::array<std::string_view, 5> kTlps{"clear", "green", "amber", "amber+strict",
                                                    "red"};
    constexpr std::array<std::string_view, 8> kRulesets{
        "sigma", "yara", "signature", "anomaly", "sirekap", "integrity", "zeek", "report"};
    std::span<const std::string_view> names;
    if (field.name == Name::state) names = kStates;
    if (field.name == Name::reason) names = kReasons;
    if (field.name == Name::tlp) names = kTlps;
    if (field.name == Name::ruleset) names = kRulesets;
    if (names.empty() || std::ranges::find(names, value) != names.end()) return {};
    const auto near = nearest_word(value, names);
    return fmt::format("{} has no value \"{}\"; {}values are {}", field.text, shown(value),
                       near.empty() ? "" : fmt::format("did you mean {}? ", near),
                       fmt::join(names, ", "));
}

Outcome keyword_value(Condition out, const Token& value) {
    out.text = to_lower(value.text);
    if (out.field->name == Name::tlp && out.text.starts_with("tlp:")) out.text.erase(0, 4);
    const auto wild = out.text.find(kWild);
    if (wild == std::string::npos) {
        out.test = Test::equals;
        if (auto why = unknown_name(*out.field, out.text); !why.empty())
            return refuse(value, std::move(why));
    } else if (wild + 1 == out.text.size()) {
        out.test = Test::prefix;
        out.text.pop_back();
    } else {
        out.test = Test::pattern;
    }
    return out;
}

Outcome mark_value(Condition out, const Token& value) {
    const bool no = equals_ignoring_case(value.text, "false");
    if (!no && !equals_ignoring_case(value.text, "true"))
        return keyword_value(std::move(out), value);
    out.test = no ? Test::equals : Test::exists;  // what is not suppressed is by nothing
    return out;
}

}  // namespace

Outcome words_condition(const Field* field, const Token& value) {
    Condition out;
    out.field = field;
    const auto wild = value.text.find(kWild);
    if (wild == std::string::npos) {
        out.text = words_of(value.text);
        out.test = Test::words;
        if (out.text.empty())
            return refuse(value, "there is no word in it; words are letters and digits");
        return out;
    }
    if (value.text.size() == 1) return out;  // exists
    if (wild + 1 == value.text.size()) {
        out.text = to_lower(std::string_view(value.text).substr(0, wild));
        const auto words = words_of(out.text);
        if (words == " " + out.text + " ") {
            out.test = Test::prefix;
            return out;
        }
    }
    out.text = to_lower(value.text);
    out.test = Test::pattern;
    return out;
}

Outcome condition_of(const Field& field, Compare compare, const Token& value, Timestamp now) {
    Condition out;
    out.field = &field;
    if (value.text.empty())
        return refuse(value, fmt::format("nothing is asked of {}; write not {} : * for those "
                                         "without it",
                                         field.text, field.text));
    if (compare == Compare::equals && value.text == std::string(1, kWild)) return out;
    const bool ordered =
        field.kind == Kind::number || field.kind == Kind::time || field.kind == Kind::severity;
    if (compare != Compare::equals && !ordered)
        return refuse(value,
                      fmt::format("{} has no order; write {} : VALUE", field.text, field.text));
    switch (field.kind) {
        case Kind::severity:
            return severity_value(std::move(out), compare, value);
        case Kind::number:
            return number_value(std::move(out), compare, value);
        case Kind::time:
            return time_value(std::move(out), compare, value, now);
        case Kind::address:
        case Kind::networks:
            return address_value(std::move(out), value);
        case Kind::place:
            return place_value(std::move(out), value);
        case Kind::flag:
            return flag_value(std::move(out), value);
        case Kind::text:
            return words_condition(&field, value);
        case Kind::mark:
            return mark_value(std::move(out), value);
        case Kind::keyword:
        case Kind::list:
        case Kind::rule:
            return keyword_value(std::move(out), value);
    }
    return out;
}

}  // namespace kentongan::query
