#pragma once
// A listening Unix socket at a path, where a daemon that died may have left its own.
#include <string>

#include "daemon/base/error.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::zeek {

/// Never wider than `mode`, not even for a moment. A socket that nobody answers on is removed; one
/// that is answered, or anything else at that path, is an error. Non-blocking, close-on-exec.
[[nodiscard]] Result<FileDescriptor> listen_unix(const std::string& path, unsigned mode);

}  // namespace kentongan::zeek
