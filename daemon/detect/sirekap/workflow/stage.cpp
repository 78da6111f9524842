#include "daemon/detect/sirekap/workflow/stage.hpp"

#include <algorithm>
#include <array>

namespace kentongan::sirekap {

namespace {
constexpr std::array<std::string_view, 6> kNames{"unknown",  "uploaded", "read",
                                                 "verified", "final",    "reopened"};
bool is_open(Stage stage) { return stage == Stage::uploaded || stage == Stage::read; }
}  // namespace

Stage parse_stage(std::string_view word) {
    const auto found = std::ranges::find(kNames, word);
    return found == kNames.end() ? Stage::unknown : static_cast<Stage>(found - kNames.begin());
}

std::string_view name_of(Stage stage) { return kNames[static_cast<std::size_t>(stage)]; }

bool is_skip(Stage from, Stage to) {
    if (is_open(from) && to == Stage::final) return true;
    if (from == Stage::uploaded && to == Stage::verified) return true;
    return from == Stage::final && (is_open(to) || to == Stage::verified);
}

bool goes_by_itself(Stage before, Stage now) {
    return before == now || before == Stage::unknown || now == Stage::unknown ||
           (is_open(before) && is_open(now));
}

Stage after(Act act, Stage before) {
    switch (act) {
        case Act::upload:
            return before == Stage::unknown ? Stage::uploaded : before;
        case Act::read:
        case Act::answer:
            return before == Stage::unknown || is_open(before) ? Stage::read : before;
        case Act::verify:
            return before == Stage::final ? before : Stage::verified;
        case Act::finish:
            return Stage::final;
        case Act::reopen:
            return Stage::reopened;
        default:
            return before;
    }
}

}  // namespace kentongan::sirekap
