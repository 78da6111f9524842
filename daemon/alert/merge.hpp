#pragma once
// How a finding becomes part of an alert; the desk decides which alert.
#include <string>

#include "daemon/alert/alert.hpp"

namespace kentongan {

/// The alert a finding begins: count 0, nothing of the finding's lists in it yet.
[[nodiscard]] Alert begin_alert(const Finding& finding, std::string entity);
/// Adds the finding. Whether the severity rose.
bool merge_finding(Alert& alert, const Finding& finding);
/// Entity text as alerts carry it: valid UTF-8, at most 512 bytes.
[[nodiscard]] std::string entity_text(const std::string& entity);

}  // namespace kentongan
