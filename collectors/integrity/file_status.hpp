#pragma once
// From the kernel's struct stat to an Entry.
#include <sys/stat.h>

#include "collectors/integrity/entry.hpp"

namespace kentongan::integrity {

[[nodiscard]] Entry entry_of(const struct stat& status);

/// Makes `entry` a link to `target`, which is its content.
void point_to(Entry& entry, std::string target);

}  // namespace kentongan::integrity
