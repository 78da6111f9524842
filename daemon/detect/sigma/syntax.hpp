#pragma once
// A Sigma rule as read from its file, before fields are looked up and predicates are made.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/alert/rule.hpp"
#include "daemon/base/ip.hpp"
#include "daemon/detect/sigma/date_part.hpp"
#include "daemon/detect/sigma/pattern.hpp"
#include "daemon/detect/sigma/regex.hpp"

namespace kentongan::sigma {

/// The attributes that route a rule; empty means not set.
struct LogSourceNames {
    std::string category;
    std::string product;
    std::string service;
};

struct TextOperand {
    Glob glob;
    bool cased = false;
};
struct NumberOperand {
    enum class Relation : std::uint8_t { equal, greater, greater_equal, less, less_equal };
    Relation relation = Relation::equal;
    double value = 0;
    std::optional<std::int64_t> exact;  ///< set when the rule gave an integer
};
struct NullOperand {};
struct ExistsOperand {
    bool expected = true;
};
struct RegexOperand {
    std::shared_ptr<const Regex> regex;
    std::string key;  ///< equal keys mean equal expressions
};
struct NetworkOperand {
    IpNetwork network;
};
/// Another field of the same event.
struct FieldOperand {
    std::string field;
    bool open_front = false;  ///< the other field's value may stand at the end, or anywhere
    bool open_back = false;
    bool cased = false;
};
/// A part of a date, compared as a number.
struct DateOperand {
    DatePart part = DatePart::hour;
    NumberOperand::Relation relation = NumberOperand::Relation::equal;
    double value = 0;
};
using Operand = std::variant<TextOperand, NumberOperand, NullOperand, ExistsOperand, RegexOperand,
                             NetworkOperand, FieldOperand, DateOperand>;

/// `field|modifiers: values`. Each value is a group of alternatives (windash and base64offset make
/// several of one); the item holds when any group does, or every group, or, negated, not.
struct Item {
    std::string field;  ///< empty: keywords, searched in the whole event
    std::vector<std::vector<Operand>> groups;
    bool every = false;
    bool negated = false;
    std::string text;  ///< as written, shortened, for people
};

/// A named part of the detection: any of the alternatives, each of which needs all its items.
struct Selection {
    std::string name;
    std::vector<std::vector<Item>> alternatives;
};

struct Condition {
    std::string text;
    int line = 0;
};

struct RuleSyntax {
    Rule rule;
    std::string name;  ///< by which correlations and filters may refer to it; may be empty
    LogSourceNames logsource;
    std::vector<std::string> references;
    std::vector<std::string> false_positives;
    std::vector<Selection> selections;
    std::vector<Condition> conditions;  ///< any of them
};

}  // namespace kentongan::sigma
