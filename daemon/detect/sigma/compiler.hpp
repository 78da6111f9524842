#pragma once
// Compiles rules into one program: equal predicates of different rules become one.
#include <string>
#include <unordered_map>

#include "daemon/detect/sigma/program.hpp"
#include "daemon/detect/sigma/refusal.hpp"

namespace kentongan::sigma {

class Compiler {
  public:
    /// Adds a rule, unless it is refused. Field names are interned.
    void add(RuleSyntax syntax, std::string file, Refusal& refusal);
    /// The program of all rules added.
    [[nodiscard]] Program finish() { return std::move(program_); }

  private:
    class Scope;

    SlotId slot_of(const std::string& name, Refusal& refusal);
    PredicateId intern(Predicate predicate, std::string key);
    std::uint32_t emit(const Expression& expression, std::uint32_t on_true, std::uint32_t on_false);
    [[nodiscard]] int cost_of(const Expression& expression) const;

    Program program_;
    std::unordered_map<std::string, SlotId> slots_;
    std::unordered_map<std::string, PredicateId> predicates_;
};

}  // namespace kentongan::sigma
