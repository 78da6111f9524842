#pragma once
// What a new version of a published file takes back of the one before (R15 of the catalogue).
#include <string>
#include <vector>

#include "daemon/detect/sirekap/published/node_table.hpp"
#include "daemon/detect/sirekap/published/rules.hpp"

namespace kentongan::sirekap::published {

struct Change {
    RulePointer rule;
    Severity severity = Severity::info;
    std::string what;  ///< "TPS counted fell from 3,452 to 3,441"
};

/// The hash by which an image's address is remembered; 0 for none.
[[nodiscard]] std::uint64_t image_hash(std::string_view url);

/// Every candidate's votes were taken back to nothing while as many TPS as before, or more, count
/// as done: of one file an inconsistency, of all files a withdrawal of the tabulation.
[[nodiscard]] bool is_zeroed(const Node& before, const Document& now);

/// In the order of the rules. Votes may fall for good reasons (corrections), so that is a work
/// item; the number of TPS counted never fell in any real series. Zeroed votes are left to the
/// caller.
[[nodiscard]] std::vector<Change> changes(const Node& before, const Document& now);

}  // namespace kentongan::sirekap::published
