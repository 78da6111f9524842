#include "collectors/zeek/native.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::zeek {

namespace {

constexpr std::size_t kNameCap = 128;

constexpr std::string_view kOurGroups[] = {
    "source.", "destination.", "user.",    "user_agent.", "host.",   "file.",
    "event.",  "log.",         "process.", "network.",    "url.",    "http.",
    "dns.",    "tls.",         "rule.",    "sirekap.",    "report.", "zeek."};
constexpr std::string_view kIntervals[] = {"duration", "rtt",        "suppress_for",
                                           "ts_delta", "lease_time", "TTLs"};

bool is_acceptable(std::string_view name) {
    const auto is_name_character = [](char c) { return c > ' ' && c <= '~'; };
    const auto is_ours = [&](std::string_view group) { return name.starts_with(group); };
    return !name.empty() && name.size() <= kNameCap &&
           std::ranges::all_of(name, is_name_character) &&
           !std::ranges::any_of(kOurGroups, is_ours);
}

/// Some shippers write id_orig_h for id.orig_h.
std::string_view canonical(std::string_view name) {
    constexpr std::string_view kSpellings[][2] = {{"id_orig_h", "id.orig_h"},
                                                  {"id_orig_p", "id.orig_p"},
                                                  {"id_resp_h", "id.resp_h"},
                                                  {"id_resp_p", "id.resp_p"}};
    for (const auto& [shipped, own] : kSpellings)
        if (name == shipped) return own;
    return name;
}

bool names_interval(std::string_view name) {
    return std::ranges::find(kIntervals, name) != std::end(kIntervals);
}
bool names_port(std::string_view name) { return name == "p" || name.ends_with("_p"); }

NativeName::Role role_of(std::string_view name) {
    if (name == "ts") return NativeName::Role::start;
    if (name == "duration") return NativeName::Role::duration;
    return name == "_path" ? NativeName::Role::stream : NativeName::Role::none;
}

}  // namespace

NativeName native_name(std::string_view dotted) {
    const auto dot = dotted.rfind('.');
    if (dot != std::string_view::npos && names_port(dotted.substr(0, dot))) {
        const auto part = dotted.substr(dot + 1);
        if (part == "port") return native_name(dotted.substr(0, dot));
        if (part == "proto") return {};
    }
    const auto own = canonical(dotted);
    NativeName out;
    out.secret = is_secret(own);
    if (!out.secret && is_acceptable(own)) out.field = intern_field(own);
    out.port = names_port(own);
    out.interval = names_interval(own);
    out.role = role_of(own);
    return out;
}

std::optional<Field> native_field(std::string_view name) { return native_name(name).field; }

bool is_secret(std::string_view name) {
    while (!name.empty())
        if (equals_ignoring_case(take_until(name, '.'), "password")) return true;
    return false;
}

}  // namespace kentongan::zeek
