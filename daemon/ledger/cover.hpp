#pragma once
// The page that lies on top of a package, for people: what is in it, and how to check it.
#include "daemon/ledger/checkpoint.hpp"
#include "daemon/ledger/package.hpp"

namespace kentongan::ledger {

[[nodiscard]] std::string cover_text(const PackageRequest& request, const Checkpoint& checkpoint);
[[nodiscard]] std::string cover_html(const PackageRequest& request, const Checkpoint& checkpoint);

}  // namespace kentongan::ledger
