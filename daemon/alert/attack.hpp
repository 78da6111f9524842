#pragma once
// ATT&CK ids change over the years; an alert carries a technique's present and former ids, so that
// a search, a report or a partner's tool that knows only one of them finds it.
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::attack {

/// The ids that name the same technique in other versions of ATT&CK, present ones first; the id
/// itself is not among them. Empty for an id that never changed, and for what is no id.
[[nodiscard]] std::vector<std::string_view> other_ids(std::string_view id);

/// `ids` in their order, then what other_ids adds; each once. Giving it its own answer changes
/// nothing.
[[nodiscard]] std::vector<std::string> with_other_ids(const std::vector<std::string>& ids);

}  // namespace kentongan::attack
