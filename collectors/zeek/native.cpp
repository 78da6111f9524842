#include "collectors/zeek/native.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <limits>
#include <string>

#include "collectors/zeek/value.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::zeek {

namespace {

namespace json = boost::json;

constexpr std::size_t kValueCap = 512;
constexpr std::size_t kDepthCap = 8;
constexpr std::size_t kNameCap = 128;
constexpr std::size_t kTextCap = 65'536;

constexpr std::string_view kOurGroups[] = {
    "source.", "destination.", "user.",    "user_agent.", "host.", "file.",
    "event.",  "log.",         "process.", "network.",    "url.",  "http.",
    "dns.",    "tls.",         "rule.",    "sirekap.",    "zeek."};
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

/// What becomes of values of a name.
struct NativeName {
    std::string name;
    std::optional<Field> field;  // none: they are left out
    bool port = false;
    bool interval = false;
};

NativeName judge(std::string_view name) {
    const auto own = canonical(name);
    NativeName out{std::string(name), std::nullopt, names_port(own), names_interval(own)};
    if (is_acceptable(own) && !is_secret(own)) out.field = intern_field(own);
    return out;
}

/// Logs repeat their names, so what was judged lately is kept, one for each hash. Valid until the
/// next call.
const NativeName& native_name(std::string_view name) {
    static thread_local std::array<NativeName, 512> recent;
    NativeName& entry = recent[std::hash<std::string_view>{}(name) % recent.size()];
    if (entry.name != name || name.empty()) entry = judge(name);
    return entry;
}

class Flattener {
  public:
    Flattener(Event& out, std::string& name) : out_(out), name_(name) { name_.clear(); }

    void add_members(const json::object& object, std::size_t depth) {
        for (const auto& [key, value] : object) {
            const std::size_t before = name_.size();
            if (before > 0) name_ += '.';
            name_.append(key.data(), key.size());
            add_named(value, depth);
            name_.resize(before);
        }
    }

  private:
    void add_named(const json::value& value, std::size_t depth) {
        const NativeName& name = native_name(name_);
        if (!name.field) return;
        const Field field = *name.field;
        if (name.port)
            if (const auto port = read_port(value)) return set(field, *port);
        if (name.interval)
            if (const auto seconds = read_interval(value)) return set(field, *seconds);
        add_value(field, value, depth);
    }

    void add_value(Field field, const json::value& value, std::size_t depth) {
        switch (value.kind()) {
            case json::kind::null:
                return;
            case json::kind::bool_:
                return set(field, value.get_bool());
            case json::kind::int64:
                return set(field, value.get_int64());
            case json::kind::uint64:
                return set(field, static_cast<double>(value.get_uint64()));
            case json::kind::double_:
                return set(field, value.get_double());
            case json::kind::string: {
                const std::string_view text{value.get_string().data(), value.get_string().size()};
                return set(field, text.substr(0, kTextCap));
            }
            case json::kind::array:
                return add_elements(field, value.get_array(), depth + 1);
            case json::kind::object:
                if (depth < kDepthCap) add_members(value.get_object(), depth + 1);
                return;
        }
    }

    void add_elements(Field field, const json::array& elements, std::size_t depth) {
        if (depth > kDepthCap) return;
        for (const auto& element : elements) {
            if (values_ >= kValueCap) return;
            add_value(field, element, depth);
        }
    }

    template <class T>
    void set(Field field, T value) {
        if (values_ >= kValueCap) return;
        out_.set(field, value);
        ++values_;
    }

    Event& out_;
    std::string& name_;
    std::size_t values_ = 0;
};

void remove_secrets_in(json::value& value) {
    if (auto* object = value.if_object()) return remove_secrets(*object);
    if (auto* array = value.if_array())
        for (auto& element : *array) remove_secrets_in(element);
}

}  // namespace

void add_native_fields(const json::object& record, Event& out) {
    static thread_local std::string name;  // kept, so that it is allocated once
    Flattener{out, name}.add_members(record, 1);
}

std::optional<Field> native_field(std::string_view name) {
    const auto own = canonical(name);
    if (!is_acceptable(own) || is_secret(own)) return std::nullopt;
    return intern_field(own);
}

bool is_secret(std::string_view name) {
    const auto dot = name.rfind('.');
    return equals_ignoring_case(dot == std::string_view::npos ? name : name.substr(dot + 1),
                                "password");
}

void remove_secrets(json::object& record) {
    for (auto member = record.begin(); member != record.end();) {
        if (is_secret({member->key().data(), member->key().size()})) {
            member = record.erase(member);
        } else {
            remove_secrets_in(member->value());
            ++member;
        }
    }
}

}  // namespace kentongan::zeek
