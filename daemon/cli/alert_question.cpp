#include "daemon/cli/alert_question.hpp"

#include <fmt/ranges.h>

#include <tuple>
#include <vector>

#include "daemon/alert/rule.hpp"
#include "daemon/base/text.hpp"
#include "daemon/store/query/parse.hpp"

namespace kentongan::cli {

namespace {

Result<> parses(const std::string& text) {
    if (const auto parsed = query::parse(text, system_clock().now()); !parsed)
        return fail(ErrorCode::usage, "{}", query::pointed_out(text, parsed.error()));
    return {};
}

/// A value of the query language, whatever bytes it holds.
std::string as_value(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '*') out += '\\';
        out += c;
    }
    return out + '"';
}

/// RFC 3339, or an age such as 90s, 15m, 2h, 7d before now.
Result<std::string> time_condition(std::string_view option, std::string_view sign,
                                   const std::string& text) {
    if (text.empty()) return std::string{};
    if (const auto at = parse_rfc3339(text))
        return fmt::format("@timestamp {} {}", sign, to_rfc3339(*at, 9));
    const bool age = text.size() > 1 && std::string_view("smhd").contains(text.back()) &&
                     parse_number<std::uint32_t>(text.substr(0, text.size() - 1)) <= 1'000'000U;
    if (age) return fmt::format("@timestamp {} now-{}", sign, text);
    return fail(ErrorCode::usage,
                "{} {}: give a time such as 2024-11-27T06:00:00Z or an age such as 2h", option,
                text);
}

}  // namespace

Result<std::string> question_of(const Narrowing& asked) {
    std::vector<std::string> parts;
    if (!trim(asked.query).empty()) {
        if (auto sound = parses(asked.query); !sound) return std::unexpected(sound.error());
        parts.push_back(fmt::format("({})", asked.query));
    }
    if (!asked.severity.empty()) {
        if (!parse_severity(asked.severity))
            return fail(ErrorCode::usage, "--severity {}: use info, low, medium, high or critical",
                        asked.severity);
        parts.push_back("severity >= " + asked.severity);
    }
    for (const auto& [field, value] : {std::pair{"ruleset", &asked.ruleset},
                                       {"rule.id", &asked.rule},
                                       {"agency", &asked.agency}})
        if (!value->empty()) parts.push_back(fmt::format("{} : {}", field, as_value(*value)));
    for (const auto& [option, sign, value] :
         {std::tuple{"--since", ">=", &asked.since}, {"--until", "<", &asked.until}}) {
        const auto condition = time_condition(option, sign, *value);
        if (!condition) return condition;
        if (!condition->empty()) parts.push_back(*condition);
    }
    const std::string out = fmt::format("{}", fmt::join(parts, " and "));
    if (auto sound = parses(out); !sound) return std::unexpected(sound.error());
    return out;
}

}  // namespace kentongan::cli
