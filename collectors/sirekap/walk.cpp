// The way through the tree of published files.
#include "collectors/sirekap/walk.hpp"

#include <algorithm>
#include <array>

namespace kentongan::sirekap {

namespace {
struct Depth {
    std::string_view name;
    std::size_t length;
};
constexpr std::array<Depth, 6> kDepths{{{"country", 1},
                                        {"province", 2},
                                        {"kabupaten", 4},
                                        {"kecamatan", 6},
                                        {"kelurahan", 10},
                                        {"tps", 13}}};
}  // namespace

std::optional<std::size_t> depth_of(std::string_view name) {
    const auto found = std::ranges::find(kDepths, name, &Depth::name);
    return found == kDepths.end() ? std::nullopt : std::optional{found->length};
}

Walk::Walk(const std::vector<std::string>& areas, std::size_t longest, std::string from)
    : longest_(longest), from_(std::move(from)) {
    if (areas.empty()) add("0");
    for (const auto& area : areas) add(area);
}

/// What is before the position is done, but for the areas on the way to it.
void Walk::add(const std::string& code) {
    const bool is_on_the_way = code == "0" || from_.starts_with(code);
    if (code.size() > longest_ || (code < from_ && !is_on_the_way)) return;
    if (pending_.size() < kPending) pending_.insert(code);
}

std::optional<std::string> Walk::next() {
    if (pending_.empty()) return std::nullopt;
    auto first = pending_.extract(pending_.begin());
    under_way_.insert(first.value());
    return std::move(first.value());
}

void Walk::done(const std::string& code, const std::vector<std::string>& children) {
    under_way_.erase(code);
    for (const auto& child : children)
        if (child.size() > code.size() && (code == "0" || child.starts_with(code))) add(child);
}

std::string Walk::position() const {
    if (finished()) return {};
    if (pending_.empty()) return *under_way_.begin();
    if (under_way_.empty()) return *pending_.begin();
    return std::min(*pending_.begin(), *under_way_.begin());
}

std::string path_of(std::string_view code) {
    std::string out;
    if (code != "0")
        for (const std::size_t length : {2u, 4u, 6u, 10u, 13u})
            if (length <= code.size()) out.append("/").append(code.substr(0, length));
    return out + ".json";
}

}  // namespace kentongan::sirekap
