#pragma once
// Compiles rules into one program: equal predicates of different rules become one.
#include <string>
#include <unordered_map>

#include "daemon/detect/sigma/program.hpp"
#include "daemon/detect/sigma/refusal.hpp"

namespace kentongan::sigma {

class Compiler {
  public:
    /// Adds a rule, unless it is refused. Field names are interned. The conditions of `filters` are
    /// read with the rule's field names and joined to its own by `and`.
    void add(RuleSyntax syntax, std::string file, Refusal& refusal,
             const std::vector<const RuleSyntax*>& filters = {});
    /// Compiles the conditions of a filter and keeps nothing but the complaints.
    void check(const RuleSyntax& syntax, Refusal& refusal);
    [[nodiscard]] const Program& program() const { return program_; }
    /// The program of all rules added.
    [[nodiscard]] Program finish() { return std::move(program_); }

  private:
    class Scope;

    [[nodiscard]] Expression condition_of(const RuleSyntax& syntax, const LogSourceNames& logsource,
                                          Refusal& refusal);
    SlotId slot_of(const std::string& name, Refusal& refusal);
    PredicateId intern(Predicate predicate, std::string key);
    std::uint32_t emit(const Expression& expression, std::uint32_t on_true, std::uint32_t on_false);
    [[nodiscard]] int cost_of(const Expression& expression) const;

    Program program_;
    std::unordered_map<std::string, SlotId> slots_;
    std::unordered_map<std::string, PredicateId> predicates_;
};

}  // namespace kentongan::sigma
