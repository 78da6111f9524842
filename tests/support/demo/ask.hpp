#pragma once
// Runs one of our programs and reads the JSON it prints, while the loop goes on.
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "daemon/async/task.hpp"
#include "daemon/base/error.hpp"

namespace kentongan::demo {

/// Error: what it wrote when it failed, or that its output is not JSON.
[[nodiscard]] Task<Result<boost::json::value>> ask(std::vector<std::string> command);

}  // namespace kentongan::demo
