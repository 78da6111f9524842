#include "daemon/detect/sirekap/workflow/change_windows.hpp"

#include <algorithm>

namespace kentongan::sirekap {

namespace {
bool covers(const ChangeWindow& window, std::string_view area, Timestamp time) {
    if (time < window.from || time >= window.to) return false;
    return window.areas.empty() || std::ranges::any_of(window.areas, [&](const auto& code) {
               return area.starts_with(code);
           });
}
}  // namespace

ChangeWindows::ChangeWindows(std::vector<ChangeWindow> windows) : windows_(std::move(windows)) {
    std::ranges::sort(windows_, {}, &ChangeWindow::name);
}

std::optional<std::size_t> ChangeWindows::ordered(std::string_view area, Timestamp time,
                                                  std::string_view account) const {
    const auto found = std::ranges::find_if(windows_, [&](const ChangeWindow& window) {
        return window.plenary == Level::unknown && covers(window, area, time) &&
               (window.accounts.empty() ||
                std::ranges::find(window.accounts, account) != window.accounts.end());
    });
    if (found == windows_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - windows_.begin());
}

bool ChangeWindows::know_plenaries_of(Level level) const {
    return level != Level::unknown &&
           std::ranges::find(windows_, level, &ChangeWindow::plenary) != windows_.end();
}

bool ChangeWindows::in_plenary(Level level, std::string_view area, Timestamp time) const {
    return std::ranges::any_of(windows_, [&](const ChangeWindow& window) {
        return window.plenary == level && covers(window, area, time);
    });
}

}  // namespace kentongan::sirekap
