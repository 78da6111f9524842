#include "daemon/pipeline/wanted.hpp"

#include <algorithm>

namespace kentongan {

void Wanted::add(EventKind kind, EventFilter filter) {
    Kind& to = kinds_[static_cast<std::size_t>(kind)];
    if (filter == nullptr)
        to.all = true;
    else if (std::ranges::find(to.filters, filter) == to.filters.end())
        to.filters.push_back(filter);
}

bool Wanted::operator()(const Event& event) const {
    const Kind& kind = kinds_[static_cast<std::size_t>(event.kind)];
    return kind.all ||
           std::ranges::any_of(kind.filters, [&](EventFilter filter) { return filter(event); });
}

}  // namespace kentongan
