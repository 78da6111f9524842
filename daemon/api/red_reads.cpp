#include "daemon/api/red_reads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kentongan::api {

namespace {
constexpr std::chrono::hours kOnce{1};
constexpr std::chrono::minutes kEvery{1};  // looks for hours that are over

// Within a text of JSON a quotation mark is escaped, so these are members and nothing else.
constexpr std::string_view kRed = "\"tlp\":\"RED\"";
constexpr std::string_view kEvent = "\"event\":{";
constexpr std::string_view kId = "\"id\":\"";
}  // namespace

/// Tells of the repeats of what was told of at or before `until`, and forgets it.
void RedReads::settle(Timestamp until, Told& out) {
    std::map<std::string, std::vector<std::string>> by_name;
    boost::unordered::erase_if(read_, [&](const auto& one) {
        const auto& [key, reading] = one;
        if (reading.told > until) return false;
        if (reading.again > 0)
            by_name[key.substr(0, key.find('\n'))].push_back(
                fmt::format("{} again {}", reading.object, reading.again));
        return true;
    });
    for (auto& [name, objects] : by_name) {
        std::ranges::sort(objects);
        out.emplace_back(name, std::move(objects));
    }
}

RedReads::Told RedReads::read(std::string_view who, std::vector<std::string> objects,
                              Timestamp now) {
    Told out;
    const bool full = read_.size() + objects.size() > kMost;
    if (full || now - settled_ >= kEvery) {
        settle(full ? now : now - kOnce, out);
        settled_ = now;
    }
    std::erase_if(objects, [&](const std::string& object) {
        const auto [known, fresh] =
            read_.try_emplace(fmt::format("{}\n{}", who, object), Reading{object, now});
        if (!fresh) ++known->second.again;
        return !fresh;
    });
    if (!objects.empty()) out.emplace_back(who, std::move(objects));
    return out;
}

std::string red_object(std::string_view alert) {
    if (!alert.contains(kRed)) return {};
    const auto event = alert.find(kEvent);
    const auto id = event == std::string_view::npos ? event : alert.find(kId, event);
    if (id == std::string_view::npos) return {};
    alert.remove_prefix(id + kId.size());
    return fmt::format("alert:{}", alert.substr(0, alert.find('"')));
}

}  // namespace kentongan::api
