#include "daemon/api/case_form.hpp"

#include <boost/json.hpp>
#include <tuple>

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::chrono::minutes kClockSkew{5};

Answer<bool> take_time(const json::object& body, std::string_view name, Timestamp now,
                       std::optional<Timestamp>& out) {
    const auto text = text_member(body, name, 64);
    if (!text) return std::unexpected(text.error());
    if (text->empty()) return false;
    const auto time = parse_rfc3339(*text);
    if (!time)
        return refuse(400, fmt::format("{}: expected a time such as 2024-11-27T06:00:00Z", name));
    if (*time > now + kClockSkew) return refuse(400, fmt::format("{} lies in the future", name));
    out = time;
    return true;
}

Answer<bool> take_times(const json::object& body, Timestamp now, CaseRecord& out) {
    std::optional<Timestamp> discovered;
    for (const auto& [name, to] :
         {std::pair{"discovered", &discovered}, std::pair{"reported", &out.reported},
          std::pair{"notified", &out.notified}})
        if (const auto taken = take_time(body, name, now, *to); !taken) return taken;
    if (discovered) out.discovered = *discovered;
    return true;
}

}  // namespace

Answer<bool> take_case(const json::object& body, Timestamp now, CaseRecord& out) {
    for (const auto& [name, to, cap] :
         {std::tuple{"title", &out.title, std::size_t{200}},
          std::tuple{"owner", &out.owner, std::size_t{128}},
          std::tuple{"description", &out.description, std::size_t{16000}},
          std::tuple{"impact", &out.impact, std::size_t{16000}}}) {
        auto text = text_member(body, name, cap);
        if (!text) return std::unexpected(text.error());
        if (body.contains(name)) *to = std::move(*text);
    }
    const auto severity = text_member(body, "severity", 16);
    const auto tlp = text_member(body, "tlp", 16);
    for (const auto* text : {&severity, &tlp})
        if (!*text) return std::unexpected(text->error());
    if (!severity->empty()) {
        const auto parsed = parse_severity(*severity);
        if (!parsed) return refuse(400, "severity: info, low, medium, high or critical");
        out.severity = *parsed;
    }
    if (!tlp->empty()) {
        const auto parsed = parse_tlp(*tlp);
        if (!parsed) return refuse(400, "tlp: CLEAR, GREEN, AMBER, AMBER+STRICT or RED");
        out.tlp = *parsed;
    }
    if (const auto* breach = body.if_contains("breach")) {
        if (!breach->is_bool()) return refuse(400, "breach: true or false");
        out.breach = breach->as_bool();
    }
    return take_times(body, now, out);
}

}  // namespace kentongan::api
