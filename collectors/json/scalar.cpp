#include "collectors/json/scalar.hpp"

#include <cmath>

#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::flat {

namespace {

/// Seconds of the year 2200, where a number must be in a smaller unit.
constexpr double kLatestSecond = 7.258e9;

std::optional<Timestamp> from_epoch(double value) {
    if (!(value > 0)) return std::nullopt;
    if (value < kLatestSecond)
        return from_nanoseconds(std::llround(value * 1e6) * 1000);  // a double holds µs, not ns
    if (value < kLatestSecond * 1e3) return from_nanoseconds(std::llround(value * 1e6));
    if (value < kLatestSecond * 1e6) return from_nanoseconds(std::llround(value * 1e3));
    if (value < kLatestSecond * 1e9) return from_nanoseconds(std::llround(value));
    return std::nullopt;
}

}  // namespace

boost::json::parse_options parse_options() {
    boost::json::parse_options out;
    out.max_depth = 64;
    out.allow_invalid_utf8 = true;
    return out;
}

void set_scalar(Field field, const Scalar& value, Event& out) {
    switch (value.type()) {
        case Value::Type::null:
            return out.set_null(field);
        case Value::Type::boolean:
            return out.set(field, value.boolean());
        case Value::Type::integer:
            return out.set(field, value.integer());
        case Value::Type::real:
            return out.set(field, value.real());
        case Value::Type::ip:
            return out.set(field, value.ip());
        case Value::Type::text:
            break;
    }
    if (field == Field::source_ip || field == Field::destination_ip)
        if (const auto ip = IpAddress::parse(value.text())) return out.set(field, *ip);
    out.set(field, value.text());
}

std::optional<Timestamp> time_of(const Scalar& value, std::chrono::seconds zone) {
    if (value.type() == Value::Type::integer) {
        const auto n = value.integer();
        if (n > 1'000'000'000'000'000'000 && static_cast<double>(n) < kLatestSecond * 1e9)
            return from_nanoseconds(n);
        return from_epoch(static_cast<double>(n));
    }
    if (value.type() == Value::Type::real) return from_epoch(value.real());
    if (value.type() != Value::Type::text) return std::nullopt;
    if (const auto time = parse_rfc3339(value.text(), zone)) return time;
    if (const auto time = log::scan_clf_time(value.text())) return time;
    if (const auto number = parse_number<double>(value.text())) return from_epoch(*number);
    return std::nullopt;
}

}  // namespace kentongan::flat
