#include "daemon/detect/sirekap/workflow/replacements.hpp"

#include <algorithm>
#include <utility>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {
constexpr Duration kForever = std::chrono::hours{24 * 365};
constexpr std::size_t kTpsOfOne = 16;
constexpr std::size_t kLongestName = 255;
std::string key_of(std::string_view prefix, std::string_view name) {
    return std::string(prefix).append(name);
}
}  // namespace

Replacements::Replacements(std::int64_t capacity, std::uint64_t seed)
    : table_(capacity, kForever, seed) {}

void Replacements::note(const AppEvent& app) {
    if (!app.accepted || !app.tps) return;
    if (!app.target_account.empty()) add(key_of("a:", app.target_account), *app.tps, app.time());
    if (!app.target_device.empty()) add(key_of("d:", app.target_device), *app.tps, app.time());
}

bool Replacements::allows(std::string_view account, TpsCode tps) {
    return find(key_of("a:", account), tps);
}
bool Replacements::allows_device(std::string_view device, TpsCode tps) {
    return find(key_of("d:", device), tps);
}

void Replacements::add(std::string_view name, TpsCode tps, Timestamp time) {
    if (name.size() > kLongestName || name.find_first_of("\t\n") != std::string_view::npos) return;
    auto& list = table_.touch(std::string(name), time).value;
    if (std::ranges::find(list, tps.value) != list.end() || list.size() == kTpsOfOne) return;
    list.push_back(tps.value);
    changed_ = true;
}

bool Replacements::find(std::string_view name, TpsCode tps) {
    const auto* list = table_.find(std::string(name));
    return list != nullptr && std::ranges::find(*list, tps.value) != list->end();
}

std::optional<std::string> Replacements::save() {
    if (!std::exchange(changed_, false)) return std::nullopt;
    std::string out;
    table_.for_each([&](const std::string& name, const std::vector<std::uint64_t>& list) {
        for (const std::uint64_t tps : list)
            out.append(name).append("\t").append(TpsCode{tps}.to_string()).append("\n");
    });
    return out;
}

Result<> Replacements::restore(std::string_view saved) {
    while (!saved.empty()) {
        std::string_view line = take_until(saved, '\n');
        const std::string_view name = take_until(line, '\t');
        const auto tps = TpsCode::parse(line);
        if (!tps || name.size() < 3)
            return fail(ErrorCode::data, "replacements of officers kept from before are damaged");
        add(name, *tps, Timestamp{});
    }
    changed_ = false;
    return {};
}

}  // namespace kentongan::sirekap
