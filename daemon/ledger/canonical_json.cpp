#include "daemon/ledger/canonical_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <vector>

#include "daemon/base/text.hpp"

namespace kentongan::ledger {

namespace json = boost::json;

namespace {

constexpr int kDeepest = 64;
/// Whole numbers up to here are doubles too.
constexpr std::int64_t kLargestWhole = std::int64_t{1} << 53;

class Writer {
  public:
    Result<> put(const json::value& value, int depth);
    std::string out;

  private:
    Result<> put(const json::object& object, int depth);
    Result<> put(const json::array& array, int depth);
    Result<> put_text(std::string_view text);
    Result<> put_whole(std::int64_t number);
};

Result<> Writer::put_text(std::string_view text) {
    if (printable_utf8(text) != text)
        return fail(ErrorCode::data, "canonical JSON: a text is not valid UTF-8");
    out += '"';
    for (const char c : text) {
        constexpr std::string_view kPlain = "\"\\\b\f\n\r\t";
        constexpr std::string_view kLetter = "\"\\bfnrt";
        if (const auto at = kPlain.find(c); at != std::string_view::npos) {
            out += '\\';
            out += kLetter[at];
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    out += '"';
    return {};
}

Result<> Writer::put_whole(std::int64_t number) {
    if (number > kLargestWhole || number < -kLargestWhole)
        return fail(ErrorCode::data, "canonical JSON: {} is not a double; write it as text",
                    number);
    fmt::format_to(std::back_inserter(out), "{}", number);
    return {};
}

Result<> Writer::put(const json::array& array, int depth) {
    out += '[';
    bool first = true;
    for (const auto& item : array) {
        if (!std::exchange(first, false)) out += ',';
        if (auto done = put(item, depth); !done) return done;
    }
    out += ']';
    return {};
}

Result<> Writer::put(const json::object& object, int depth) {
    std::vector<const json::key_value_pair*> members;
    members.reserve(object.size());
    for (const auto& member : object) members.push_back(&member);
    std::ranges::sort(members,
                      [](const auto* a, const auto* b) { return utf16_less(a->key(), b->key()); });
    out += '{';
    for (const auto* member : members) {
        if (member != members.front()) out += ',';
        if (auto done = put_text(member->key()); !done) return done;
        out += ':';
        if (auto done = put(member->value(), depth); !done) return done;
    }
    out += '}';
    return {};
}

Result<> Writer::put(const json::value& value, int depth) {
    if (depth >= kDeepest)
        return fail(ErrorCode::data, "canonical JSON: nested deeper than {} levels", kDeepest);
    switch (value.kind()) {
        case json::kind::null:
            out += "null";
            return {};
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            return {};
        case json::kind::int64:
            return put_whole(value.get_int64());
        case json::kind::uint64:
            return put_whole(static_cast<std::int64_t>(
                std::min(value.get_uint64(), static_cast<std::uint64_t>(INT64_MAX))));
        case json::kind::double_:
            if (!std::isfinite(value.get_double()))
                return fail(ErrorCode::data, "canonical JSON: a number is not finite");
            out += number_text(value.get_double());
            return {};
        case json::kind::string:
            return put_text(value.get_string());
        case json::kind::array:
            return put(value.get_array(), depth + 1);
        case json::kind::object:
            return put(value.get_object(), depth + 1);
    }
    return {};
}

}  // namespace

Result<std::string> canonical_json(const json::value& value) {
    Writer writer;
    if (auto done = writer.put(value, 0); !done) return std::unexpected(done.error());
    return std::move(writer.out);
}

/// ECMA-262, Number::toString: `digits` times ten to the power of (point - digits.size()).
std::string number_text(double value) {
    if (value == 0) return "0";
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value),
                                   std::chars_format::scientific)
                         .ptr;
    std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
    std::string digits{take_until(text, 'e')};
    std::erase(digits, '.');
    if (text.starts_with('+')) text.remove_prefix(1);
    const int exponent = parse_number<int>(text).value_or(0);
    const int point = exponent + 1;
    const int count = static_cast<int>(digits.size());
    const std::string sign = value < 0 ? "-" : "";
    const auto zeros = [](int n) { return std::string(static_cast<std::size_t>(n), '0'); };
    if (count <= point && point <= 21) return sign + digits + zeros(point - count);
    if (0 < point && point <= 21) return sign + digits.insert(static_cast<std::size_t>(point), ".");
    if (-6 < point && point <= 0) return sign + "0." + zeros(-point) + digits;
    if (count > 1) digits.insert(1, ".");
    return fmt::format("{}{}e{}{}", sign, digits, exponent < 0 ? '-' : '+', std::abs(exponent));
}

/// Only code points past U+FFFF, whose surrogates come before U+E000 to U+FFFF, are in another
/// order than in UTF-8; their first byte is 0xF0 and up.
bool utf16_less(std::string_view a, std::string_view b) {
    const auto [left, right] = std::ranges::mismatch(a, b);
    if (left == a.end() || right == b.end()) return left == a.end() && right != b.end();
    const auto x = static_cast<unsigned char>(*left);
    const auto y = static_cast<unsigned char>(*right);
    const bool x_pair = x >= 0xF0;
    const bool y_pair = y >= 0xF0;
    if (x_pair != y_pair && x >= 0xEE && y >= 0xEE) return x_pair;
    return x < y;
}

}  // namespace kentongan::ledger
