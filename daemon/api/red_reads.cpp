#include "daemon/api/red_reads.hpp"

#include <fmt/format.h>

namespace kentongan::api {

namespace {
constexpr std::chrono::hours kOnce{1};

// Within a text of JSON a quotation mark is escaped, so these are members and nothing else.
constexpr std::string_view kRed = "\"tlp\":\"RED\"";
constexpr std::string_view kEvent = "\"event\":{";
constexpr std::string_view kId = "\"id\":\"";
}  // namespace

std::vector<std::string> RedReads::first(std::string_view who, std::vector<std::string> objects,
                                         Timestamp now) {
    if (read_.size() + objects.size() > kMost) read_.clear();  // then some are told of twice
    std::erase_if(objects, [&](const std::string& object) {
        const auto [known, fresh] = read_.try_emplace(fmt::format("{}\n{}", who, object), now);
        const bool again = !fresh && now - known->second < kOnce;
        if (!again) known->second = now;
        return again;
    });
    return objects;
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
