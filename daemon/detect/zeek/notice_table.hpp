#pragma once
// What Kentongan makes of Zeek's notice types: how grave, which routing class, which technique.
#include <memory>
#include <string_view>

#include "daemon/alert/rule.hpp"

namespace kentongan {

/// The rule of a notice type such as "SSH::Password_Guessing"; one that is not in the table has
/// severity medium and class attack. `note` must be a Zeek identifier (is_notice_type).
[[nodiscard]] std::shared_ptr<const Rule> rule_of_notice(std::string_view note);

/// Letters, digits, '_' and "::", at most 96 characters, not empty.
[[nodiscard]] bool is_notice_type(std::string_view note);

}  // namespace kentongan
