// One JSON object a line, its values by dotted path, and times as JSON logs write them.
#include "collectors/log/formats/json_line.hpp"

#include <cmath>

#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::size_t kScratchBytes = std::size_t{128} << 10;

json::parse_options options() {
    json::parse_options out;
    out.max_depth = 64;
    out.allow_invalid_utf8 = true;
    return out;
}

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

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

}  // namespace

JsonLine::JsonLine()
    : buffer_(kScratchBytes),
      memory_(buffer_.data(), buffer_.size()),
      parser_(json::storage_ptr{}, options()) {}

const json::object* JsonLine::read(std::string_view line) {
    value_.reset();
    memory_.release();
    parser_.reset(&memory_);
    boost::system::error_code error;
    parser_.write(line, error);
    if (error) return nullptr;
    value_.emplace(parser_.release());
    return value_->if_object();
}

void set_value(Field field, const json::value& value, Event& out) {
    switch (value.kind()) {
        case json::kind::null:
            return out.set_null(field);
        case json::kind::bool_:
            return out.set(field, value.get_bool());
        case json::kind::int64:
            return out.set(field, value.get_int64());
        case json::kind::uint64:
            return out.set(field, static_cast<double>(value.get_uint64()));
        case json::kind::double_:
            return out.set(field, value.get_double());
        case json::kind::string:
            break;
        default:
            return;
    }
    const auto text = view(value.get_string());
    if (field == Field::source_ip || field == Field::destination_ip)
        if (const auto ip = scan_ip(text)) return out.set(field, *ip);
    out.set(field, text);
}

void set_unmapped(std::string_view path, const json::value& value, ParseContext& context,
                  Event& out) {
    if (const auto field = intern_field(path))
        set_value(*field, value, out);
    else
        ++context.left_out;
}

std::optional<Timestamp> time_of(const json::value& value, std::chrono::seconds zone) {
    if (const auto* number = value.if_int64()) {
        const auto n = *number;
        if (n > 1'000'000'000'000'000'000 && static_cast<double>(n) < kLatestSecond * 1e9)
            return from_nanoseconds(n);
        return from_epoch(static_cast<double>(n));
    }
    if (const auto* number = value.if_double()) return from_epoch(*number);
    const auto* text = value.if_string();
    if (text == nullptr) return std::nullopt;
    if (const auto time = parse_rfc3339(view(*text), zone)) return time;
    if (const auto time = scan_clf_time(view(*text))) return time;
    if (const auto number = parse_number<double>(view(*text))) return from_epoch(*number);
    return std::nullopt;
}

std::string_view text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view{} : view(*text);
}

void complete(Event& out) {
    if (!out.has(Field::url_path) && out.has(Field::url_original)) {
        const auto url = out.text(Field::url_original);  // its parts can be set: see Event
        if (!url.empty()) set_url_parts(url, out);
    }
    if (out.kind != EventKind::log) return;
    const auto outcome = out.text(Field::event_outcome);
    if (out.text(Field::event_category) == "authentication" &&
        (outcome == "success" || outcome == "failure"))
        out.kind = EventKind::auth;
    else if (out.logsource.category == "webserver" || out.logsource.category == "proxy" ||
             (out.has(Field::http_request_method) &&
              (out.has(Field::url_original) || out.has(Field::url_path))))
        out.kind = EventKind::web;
    else if (out.logsource.category == "dns" || out.has(Field::dns_question_name))
        out.kind = EventKind::dns;
}

}  // namespace kentongan::log
