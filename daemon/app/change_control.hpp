#pragma once
#include <string>

#include "daemon/config/config.hpp"

namespace kentongan {

/// SHA-256 of the rule files and of the settings that a reload takes over and that decide what is
/// found and who is told. Blocking: reads the rule files.
[[nodiscard]] std::string digest_of_control(const Config& config);

}  // namespace kentongan
