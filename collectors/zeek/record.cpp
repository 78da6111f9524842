#include "collectors/zeek/record.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "collectors/egress.hpp"
#include "collectors/zeek/stream.hpp"

namespace kentongan::zeek {

namespace {

constexpr double kLongest = 10.0 * 365 * 86400;                       // of a connection, seconds
constexpr Timestamp kLastStart{Duration{8'000'000'000'000'000'000}};  // so that the sum fits

Field native(std::string_view name) { return intern_field(name).value_or(Field::message); }

void copy_value(const Value& value, Field ecs, Event& out) {
    switch (value.type()) {
        case Value::Type::null:
            return;
        case Value::Type::boolean:
            return out.set(ecs, value.boolean());
        case Value::Type::integer:
            return out.set(ecs, value.integer());
        case Value::Type::real:
            return out.set(ecs, value.real());
        case Value::Type::ip:
            return out.set(ecs, value.ip());
        case Value::Type::text:
            return out.set(ecs, value.text());
    }
}

std::optional<std::int64_t> whole_number(double number) {
    if (!(std::abs(number) < 9e18)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

void map_value(const Value& value, const EcsMapping& mapping, Event& out) {
    switch (mapping.conversion) {
        case Conversion::copy:
            return copy_value(value, mapping.ecs, out);
        case Conversion::address:
            if (const auto address = value.address()) out.set(mapping.ecs, *address);
            return;
        case Conversion::integer:
            if (const auto number = value.number())
                if (const auto whole = whole_number(*number)) out.set(mapping.ecs, *whole);
            return;
        case Conversion::nanoseconds:
            if (const auto seconds = value.number())
                if (const auto whole = whole_number(*seconds * 1e9)) out.set(mapping.ecs, *whole);
            return;
    }
}

/// A native field that is a list gives an ECS list.
void map_fields(const Stream& stream, Event& out) {
    const auto natives = static_cast<std::uint16_t>(std::min<std::size_t>(out.size(), 0xFFFF));
    // By the last bits of a field's id: 1 + the place of the first such field, and whether there
    // are more. Most are absent, and most of the others single.
    struct Found {
        std::uint16_t first = 0;
        bool more = false;
    };
    std::array<Found, 128> found{};
    for (std::uint16_t i = natives; i-- > 0;) {
        Found& one = found[static_cast<std::size_t>(out.field_at(i)) % found.size()];
        one = {static_cast<std::uint16_t>(i + 1), one.first != 0};
    }
    for (const EcsMapping& mapping : stream.mappings) {
        const Found& one = found[static_cast<std::size_t>(mapping.native) % found.size()];
        if (one.first == 0 || (mapping.contested && out.has(mapping.ecs))) continue;
        const std::size_t end = one.more ? natives : one.first;
        for (std::size_t i = one.first - 1u; i < end; ++i)
            if (out.field_at(i) == mapping.native) map_value(out.value_at(i), mapping, out);
    }
}

void add_network(const Stream& stream, Event& out) {
    if (!stream.protocol.empty()) out.set(Field::network_protocol, stream.protocol);
    if (const auto source = out.ip(Field::source_ip))
        out.set(Field::network_type, source->is_v4() ? "ipv4" : "ipv6");
}

void add_url_parts(Event& out) {
    const std::string_view original = out.text(Field::url_original);  // stays: see Event
    if (original.empty()) return;
    const auto question = original.find('?');
    const std::string_view path = original.substr(0, question);
    out.set(Field::url_path, path);
    if (question != original.npos) out.set(Field::url_query, original.substr(question + 1));
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    if (dot != name.npos && name.size() - dot <= 16)
        out.set(Field::url_extension, name.substr(dot + 1));
}

/// auth_success is absent while Zeek could not tell how the login ended.
void add_login(Event& out) {
    static const Field kSuccess = native("auth_success");
    const Value success = out.get(kSuccess);
    if (success.type() != Value::Type::boolean) return;
    out.kind = EventKind::auth;
    out.set(Field::event_outcome, success.boolean() ? "success" : "failure");
    out.set(Field::process_name, "sshd");
}

void add_intel(Event& out) {
    out.set(Field::zeek_notice_note, "Intel::Notice");
    out.set(Field::rule_name, "Intel::Notice");
    out.set(Field::message, "Intel hit on " + std::string(out.text(Field::zeek_notice_sub)));
}

void add_particulars(const Stream& stream, Event& out) {
    if (stream.kind == EventKind::web) {
        add_url_parts(out);
        if (is_egress(out)) out.logsource.category = "proxy";
    }
    if (stream.service == "ssh") add_login(out);
    if (stream.service == "intel") add_intel(out);
}

/// A connection and a question are also Sigma's category `network`, which no product owns.
LogSource network_source(const Stream& stream) {
    if (stream.kind == EventKind::conn) return {"network", {}, "connection"};
    if (stream.kind == EventKind::dns) return {"network", {}, "dns"};
    return {};
}

}  // namespace

void begin_event(const Stream& stream, Event& out) {
    out.kind = stream.kind;
    out.logsource = {stream.category, "zeek", stream.service};
    out.also = network_source(stream);
}

void set_event_time(const Stream& stream, Timestamp start, std::optional<double> seconds,
                    Event& out) {
    out.time = start;
    if (stream.kind != EventKind::conn || !seconds) return;
    if (*seconds > 0 && *seconds < kLongest && start < kLastStart)
        out.time += Duration{std::llround(*seconds * 1e6) * 1000};
}

void complete_event(const Stream& stream, std::string_view name, Event& out) {
    map_fields(stream, out);
    add_network(stream, out);
    add_particulars(stream, out);
    out.set(Field::zeek_stream, name);
}

}  // namespace kentongan::zeek
