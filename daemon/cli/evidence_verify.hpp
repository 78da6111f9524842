#pragma once
// kentongan evidence verify.
#include <string>
#include <vector>

#include "daemon/cli/command.hpp"

namespace kentongan::cli {

struct VerifyOrder {
    std::string what;  ///< folder, database, package; empty: the settings'
    std::string keys;  ///< file; empty: the settings' own keys, which an intruder may have changed
    std::vector<std::string> against;
    std::string database;
    bool files_only = false;
};
/// 0: verified; 1: something is wrong.
[[nodiscard]] Result<int> verify_evidence(const Common& common, const VerifyOrder& order,
                                          const Output& out);

}  // namespace kentongan::cli
