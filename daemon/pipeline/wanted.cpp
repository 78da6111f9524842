#include "daemon/pipeline/wanted.hpp"

#include <algorithm>

namespace kentongan {

namespace {
bool fits(std::string_view wanted, std::string_view is) { return wanted.empty() || wanted == is; }
}  // namespace

void Wanted::add(EventKind kind, std::span<const LogSource> only_from) {
    Kind& to = kinds_[static_cast<std::size_t>(kind)];
    if (only_from.empty()) to.from_all = true;
    to.from.insert(to.from.end(), only_from.begin(), only_from.end());
}

bool Wanted::operator()(const Event& event) const {
    const Kind& kind = kinds_[static_cast<std::size_t>(event.kind)];
    return kind.from_all || std::ranges::any_of(kind.from, [&](const LogSource& from) {
               return fits(from.category, event.logsource.category) &&
                      fits(from.product, event.logsource.product) &&
                      fits(from.service, event.logsource.service);
           });
}

}  // namespace kentongan
