#pragma once
// kentongan evidence export.
#include <string>
#include <vector>

#include "daemon/cli/command.hpp"

namespace kentongan::cli {

struct ExportOrder {
    std::vector<std::string> ids;
    std::string case_id;
    std::string who;
    std::string why;
    std::string recipient;
    std::string to;
};
/// By the daemon while it runs; else from its database and folder.
[[nodiscard]] Result<int> export_evidence(const Common& common, const ExportOrder& order,
                                          const Output& out);

}  // namespace kentongan::cli
