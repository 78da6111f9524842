#pragma once
// The files behind the rules, for people who want to read what raised an alert.
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/rule_status.hpp"

namespace kentongan {

/// A file that holds a rule: a Sigma rule by its whole `id:`, `name:` or title, a YARA rule by its
/// id or name, one of ours by the name of its file.
struct RuleFile {
    std::string place;   ///< what follows the path of the rules
    std::string text;    ///< as it is on disk, at most 256 KiB
    std::string sha256;  ///< of the text, lower-case hex
};
/// The first one; the one with the digest `sha256`, where there are more and it is not empty.
/// Error: no_input. Blocking: reads rule files until it is found.
[[nodiscard]] Result<RuleFile> rule_file(const std::vector<std::string>& paths,
                                         const std::string& id, const std::string& sha256 = {});

/// {"id","file","text"} of rule_file(), its text made printable. Errors as there.
[[nodiscard]] Result<boost::json::object> rule_text(const std::vector<std::string>& paths,
                                                    const std::string& id);

/// {"rules":[{"id","file","engine","name","status","reason"}]}
[[nodiscard]] boost::json::object rule_list(const std::vector<RuleStatus>& statuses,
                                            const std::vector<std::string>& paths);

}  // namespace kentongan
