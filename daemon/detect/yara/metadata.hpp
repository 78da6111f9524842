#pragma once
// From the `meta:` section of a YARA rule to a Rule. Private to this folder.
#include <yara.h>

#include "daemon/alert/rule.hpp"

namespace kentongan::yara {

[[nodiscard]] Rule rule_of(const YR_RULE& compiled);

}  // namespace kentongan::yara
