#include "daemon/deliver/format/message.hpp"

#include <boost/json.hpp>

#include "daemon/alert/desk.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace json = boost::json;

const json::value* find_path(const json::object& from, std::string_view path) {
    const json::object* at = &from;
    for (;;) {
        const json::value* found = at->if_contains(take_until(path, '.'));
        if (found == nullptr || path.empty()) return found;
        at = found->if_object();
        if (at == nullptr) return nullptr;
    }
}

std::string text_at(const json::object& from, std::string_view path) {
    const json::value* found = find_path(from, path);
    if (found == nullptr || found->is_null() || found->is_structured()) return {};
    return found->is_string() ? std::string(found->as_string()) : json::serialize(*found);
}

std::int64_t number_at(const json::object& from, std::string_view path) {
    const json::value* found = find_path(from, path);
    return found != nullptr && found->is_number() ? found->to_number<std::int64_t>() : 0;
}

std::vector<std::string> texts_at(const json::object& from, std::string_view path) {
    std::vector<std::string> out;
    const json::value* found = find_path(from, path);
    if (found == nullptr || !found->is_array()) return out;
    for (const json::value& item : found->as_array())
        if (item.is_string()) out.emplace_back(item.as_string());
    return out;
}

std::int64_t millis_at(const json::object& from, std::string_view path) {
    const auto time = parse_rfc3339(text_at(from, path));
    return time ? to_nanoseconds(*time) / 1'000'000 : 0;
}

std::size_t level_of(const json::object& alert) {
    const auto severity = parse_severity(text_at(alert, "labels.severity"));
    return static_cast<std::size_t>(severity.value_or(Severity::info));
}

bool is_exercise(const json::object& alert) { return text_at(alert, "labels.exercise") == "true"; }

std::string headline(const json::object& alert) {
    std::string text = text_at(alert, "message");
    if (is_exercise(alert) && !text.starts_with("LATIHAN")) text.insert(0, kExercisePrefix);
    return text;
}

}  // namespace kentongan
