#include "daemon/drill/script.hpp"

#include <algorithm>
#include <numeric>

namespace kentongan::drill {

std::vector<Action> Script::in_order() && {
    std::vector<std::size_t> order(actions_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(actions_[i].time, i); });
    std::vector<Action> out;
    out.reserve(actions_.size());
    for (const std::size_t i : order) out.push_back(std::move(actions_[i]));
    return out;
}

}  // namespace kentongan::drill
