#include "daemon/event/event.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>
#include <cstring>
#include <iterator>

#include "daemon/base/text.hpp"

namespace kentongan {

std::string_view name_of(EventKind kind) {
    constexpr std::string_view kNames[] = {"log",     "auth",    "web",     "upload",   "conn",
                                           "dns",     "tls",     "file",    "notice",   "published",
                                           "report",  "ssh",     "sql",     "mail",     "ftp",
                                           "payload", "content", "anomaly", "heartbeat"};
    return kNames[static_cast<std::size_t>(kind)];
}

Value Value::of(bool v) {
    Value out;
    out.type_ = Type::boolean;
    out.integer_ = v ? 1 : 0;
    return out;
}
Value Value::of(std::int64_t v) {
    Value out;
    out.type_ = Type::integer;
    out.integer_ = v;
    return out;
}
Value Value::of(double v) {
    Value out;
    out.type_ = Type::real;
    out.real_ = v;
    return out;
}
Value Value::of(std::string_view v) {
    Value out;
    out.type_ = Type::text;
    out.text_ = v;
    return out;
}
Value Value::of(const IpAddress& v) {
    Value out;
    out.type_ = Type::ip;
    out.ip_ = v;
    return out;
}

std::string Value::to_string() const {
    switch (type_) {
        case Type::null:
            return {};
        case Type::boolean:
            return boolean() ? "true" : "false";
        case Type::integer:
            return fmt::format("{}", integer_);
        case Type::real:
            return fmt::format("{}", real_);
        case Type::text:
            return std::string(text_);
        case Type::ip:
            return ip_.to_string();
    }
    return {};
}

void Value::append_to(std::string& out) const {
    if (type_ == Type::text)
        out += text_;
    else if (type_ == Type::integer)
        fmt::format_to(std::back_inserter(out), "{}", integer_);
    else if (type_ == Type::real)
        fmt::format_to(std::back_inserter(out), "{}", real_);
    else
        out += to_string();
}

std::optional<double> Value::number() const {
    switch (type_) {
        case Type::integer:
            return static_cast<double>(integer_);
        case Type::real:
            return real_;
        case Type::text:
            return parse_number<double>(text_);
        default:
            return std::nullopt;
    }
}

std::optional<IpAddress> Value::address() const {
    if (type_ == Type::ip) return ip_;
    if (type_ == Type::text) return IpAddress::parse(text_);
    return std::nullopt;
}

void Event::clear() {
    kind = EventKind::log;
    time = {};
    logsource = {};
    also = {};
    origin = {};
    bytes_.clear();
    slots_.clear();
    present_ = 0;
    raw_offset_ = raw_length_ = 0;
    raw_source_ = 0;
}

Event::Slot& Event::add(Field field, Value::Type type) {
    Slot& slot = slots_.emplace_back();
    slot.field = field;
    present_ |= bit_of(field);
    slot.type = type;
    slot.offset = static_cast<std::uint32_t>(bytes_.size());
    return slot;
}

void Event::set(Field field, bool value) { add(field, Value::Type::boolean).integer = value; }
void Event::set(Field field, std::int64_t value) {
    add(field, Value::Type::integer).integer = value;
}
void Event::set(Field field, double value) { add(field, Value::Type::real).real = value; }
void Event::set(Field field, std::string_view value) {
    Slot& slot = add(field, Value::Type::text);
    slot.length = value.size();
    if (const auto known = place_of(value))
        slot.offset = *known;
    else
        bytes_.append(value);
}

/// Where a text is stored already: it lies in our bytes, or where raw was copied from, which may
/// have changed since.
std::optional<std::uint32_t> Event::place_of(std::string_view text) const {
    const auto address = reinterpret_cast<std::uintptr_t>(text.data());
    const auto offset_in = [&](std::uintptr_t begin, std::size_t size) -> std::size_t {
        const std::uintptr_t at = address - begin;
        return at <= size && text.size() <= size - at ? at : std::string_view::npos;
    };
    constexpr auto kNowhere = std::string_view::npos;
    if (const auto at = offset_in(raw_source_, raw_length_); at != kNowhere && raw_source_ != 0)
        if (raw().substr(at, text.size()) == text)
            return raw_offset_ + static_cast<std::uint32_t>(at);
    const auto own = reinterpret_cast<std::uintptr_t>(bytes_.data());
    if (const auto at = offset_in(own, bytes_.size()); at != kNowhere)
        return static_cast<std::uint32_t>(at);
    return std::nullopt;
}
void Event::set(Field field, const IpAddress& value) {
    add(field, Value::Type::ip);
    bytes_.append(reinterpret_cast<const char*>(value.bytes().data()), value.bytes().size());
}
void Event::set_null(Field field) { add(field, Value::Type::null); }

void Event::set_raw(std::string_view raw) {
    raw_offset_ = static_cast<std::uint32_t>(bytes_.size());
    raw_length_ = static_cast<std::uint32_t>(raw.size());
    raw_source_ = reinterpret_cast<std::uintptr_t>(raw.data());
    bytes_.append(raw);
}

Value Event::value_at(std::size_t i) const {
    const Slot& slot = slots_[i];
    switch (slot.type) {
        case Value::Type::null:
            return {};
        case Value::Type::boolean:
            return Value::of(slot.integer != 0);
        case Value::Type::integer:
            return Value::of(slot.integer);
        case Value::Type::real:
            return Value::of(slot.real);
        case Value::Type::text:
            return Value::of(std::string_view(bytes_).substr(slot.offset, slot.length));
        case Value::Type::ip: {
            std::array<std::uint8_t, 16> bytes{};
            std::memcpy(bytes.data(), bytes_.data() + slot.offset, bytes.size());
            return Value::of(IpAddress{bytes});
        }
    }
    return {};
}

Value Event::get(Field field) const {
    if ((present_ & bit_of(field)) == 0) return {};
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].field == field) return value_at(i);
    return {};
}

std::string_view Event::text(Field field) const {
    if ((present_ & bit_of(field)) == 0) return {};
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].field == field)
            return slots_[i].type == Value::Type::text ? text_at(i) : std::string_view{};
    return {};
}

std::optional<std::int64_t> Event::integer(Field field) const {
    const Value value = get(field);
    if (value.type() == Value::Type::integer) return value.integer();
    if (value.type() == Value::Type::text) return parse_number<std::int64_t>(value.text());
    return std::nullopt;
}

std::optional<IpAddress> Event::ip(Field field) const { return get(field).address(); }

namespace {

boost::json::value json_of(const Value& value) {
    switch (value.type()) {
        case Value::Type::null:
            return nullptr;
        case Value::Type::boolean:
            return value.boolean();
        case Value::Type::integer:
            return value.integer();
        case Value::Type::real:
            return std::isfinite(value.real()) ? value.real() : 0.0;
        default:
            return boost::json::string(printable_utf8(value.to_string()));
    }
}

void put(boost::json::object& object, std::string_view name, boost::json::value value) {
    auto* existing = object.if_contains(name);
    if (existing == nullptr) {
        object.emplace(name, std::move(value));
        return;
    }
    if (!existing->is_array()) *existing = boost::json::array{std::move(*existing)};
    existing->as_array().push_back(std::move(value));
}

}  // namespace

std::string to_json(const Event& event) {
    boost::json::object out;
    out["@timestamp"] = to_rfc3339(event.time);
    out["kind"] = name_of(event.kind);
    boost::json::object logsource;
    if (!event.logsource.category.empty()) logsource["category"] = event.logsource.category;
    if (!event.logsource.product.empty()) logsource["product"] = event.logsource.product;
    if (!event.logsource.service.empty()) logsource["service"] = event.logsource.service;
    out["logsource"] = std::move(logsource);
    for (std::size_t i = 0; i < event.size(); ++i)
        put(out, printable_utf8(name_of(event.field_at(i))), json_of(event.value_at(i)));
    return boost::json::serialize(out);
}

}  // namespace kentongan
