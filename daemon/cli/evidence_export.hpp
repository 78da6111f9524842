#pragma once
// kentongan evidence export | handover | erase.
#include <string>
#include <vector>

#include "daemon/cli/command.hpp"

namespace kentongan::cli {

struct ExportOrder {
    std::vector<std::string> ids;
    std::string case_id;
    std::string why;
    std::string recipient;
    std::string to;
};
/// By the daemon while it runs, in the name of the token's owner; else from its database and
/// folder, in the name of the login.
[[nodiscard]] Result<int> export_evidence(const Common& common, const ExportOrder& order,
                                          const Output& out);

struct HandoverRequest {
    std::string file;  ///< the package
    std::string to;
    std::string why;
};
/// By the daemon: who hands it over is the token's owner.
/// By the daemon; in the election's window it waits for a second person.
[[nodiscard]] Result<int> erase_evidence(const Common& common, const std::string& object,
                                         const std::string& ground, const Output& out);
[[nodiscard]] Result<int> hand_over_evidence(const Common& common, const HandoverRequest& asked,
                                             const Output& out);

}  // namespace kentongan::cli
