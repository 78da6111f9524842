#pragma once
// From rule files to libyara's compiled rules. Private to this folder.
#include <yara.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan::yara {

struct DestroyRules {
    void operator()(YR_RULES* rules) const { yr_rules_destroy(rules); }
};
using CompiledRules = std::unique_ptr<YR_RULES, DestroyRules>;

/// The external variables that every rule may use.
inline constexpr std::array kExternals{"filename", "filepath", "extension", "owner", "tree"};

struct Source {
    std::filesystem::path file;
    std::filesystem::path root;  ///< includes stay below it
    std::string name_space;
};

/// The rule files that some paths name, in order, each with a namespace of its own.
[[nodiscard]] Result<std::vector<Source>> find_sources(
    const std::vector<std::filesystem::path>& paths);

struct Diagnostic {
    std::size_t source = 0;  ///< index
    std::string rule;        ///< empty when unknown
    std::string text;        ///< "line 12: undefined identifier \"x\""
};

struct Compilation {
    CompiledRules rules;  ///< nothing when a source has an error
    std::vector<Diagnostic> errors;
    std::vector<Diagnostic> warnings;
};

/// Compiles the sources whose `use` is true into one set; stops at the first with an error, since a
/// compiler is of no use after one.
[[nodiscard]] Compilation compile(const std::vector<Source>& sources, const std::vector<bool>& use);

/// Starts libyara, once in the life of the process.
[[nodiscard]] Result<> start_library();

}  // namespace kentongan::yara
