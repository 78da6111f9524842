#pragma once
// The files behind the rules, for people who want to read what raised an alert.
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/rule_status.hpp"

namespace kentongan {

/// {"id","file","text"} of the rule file that holds the rule: a Sigma rule by its whole
/// `id:`, `name:` or title, a YARA rule by its id or name, one of ours by the name of its file.
/// `file` is what follows the path of the rules. Error: no_input. Blocking: reads rule files until
/// it is found.
[[nodiscard]] Result<boost::json::object> rule_text(const std::vector<std::string>& paths,
                                                    const std::string& id);

/// {"rules":[{"id","file","engine","name","status","reason"}]}
[[nodiscard]] boost::json::object rule_list(const std::vector<RuleStatus>& statuses,
                                            const std::vector<std::string>& paths);

}  // namespace kentongan
