#pragma once
// How the Sirekap rules are made.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/alert/rule.hpp"

namespace kentongan::sirekap {

/// A rule of ours about results.
[[nodiscard]] inline Rule rule_of(std::string id, std::string name, Severity severity,
                                  std::string rule_class, std::vector<std::string> techniques) {
    Rule out;
    out.id = std::move(id);
    out.name = std::move(name);
    out.ruleset = Ruleset::sirekap;
    out.version = "1";
    out.authors = {"Kentongan"};
    out.severity = severity;
    out.rule_class = std::move(rule_class);
    out.techniques = std::move(techniques);
    out.categories = {"web"};
    return out;
}

}  // namespace kentongan::sirekap
