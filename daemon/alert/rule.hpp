#pragma once
// What is known about a rule, whichever engine runs it.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan {

enum class Severity { info = 0, low, medium, high, critical };
[[nodiscard]] std::string_view name_of(Severity severity);
/// "info" and "informational" are the same.
[[nodiscard]] std::optional<Severity> parse_severity(std::string_view name);
/// The ECS number: 0, 21, 47, 73, 99.
[[nodiscard]] int ecs_severity(Severity severity);

/// Which kind of detector a rule belongs to; the values of `rule.ruleset`.
enum class Ruleset { sigma, yara, signature, anomaly, sirekap, integrity, zeek, report };
[[nodiscard]] std::string_view name_of(Ruleset ruleset);
[[nodiscard]] std::optional<Ruleset> parse_ruleset(std::string_view name);

struct Rule {
    std::string id;    ///< stable: a UUID for Sigma, "ruleset:name" for ours
    std::string name;  ///< one line for people
    Ruleset ruleset = Ruleset::signature;
    std::string version;
    std::string sha256;                ///< of the file that holds it; empty: the program does
    std::vector<std::string> authors;  ///< shown wherever a match is shown (DRL 1.1)
    Severity severity = Severity::medium;
    std::string rule_class = "attack";    ///< the row of the routing file
    std::vector<std::string> techniques;  ///< ATT&CK ids such as T1110.001
    std::vector<std::string> categories;  ///< ECS event.category
    bool advisory = false;  ///< a statistic that carries no accusation: never leaves KPU and BRIN
};

}  // namespace kentongan
