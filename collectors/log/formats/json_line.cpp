// One JSON object a line, its values by dotted path, and times as JSON logs write them.
#include "collectors/log/formats/json_line.hpp"

#include "collectors/json/scalar.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::size_t kScratchBytes = std::size_t{128} << 10;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

/// Objects and arrays are null.
flat::Scalar scalar_of(const json::value& value) {
    switch (value.kind()) {
        case json::kind::bool_:
            return flat::Scalar::of(value.get_bool());
        case json::kind::int64:
            return flat::Scalar::of(value.get_int64());
        case json::kind::uint64:
            return flat::Scalar::of(static_cast<double>(value.get_uint64()));
        case json::kind::double_:
            return flat::Scalar::of(value.get_double());
        case json::kind::string:
            return flat::Scalar::of(view(value.get_string()));
        default:
            return {};
    }
}

}  // namespace

JsonLine::JsonLine()
    : buffer_(kScratchBytes),
      memory_(buffer_.data(), buffer_.size()),
      parser_(json::storage_ptr{}, flat::parse_options()) {}

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
    flat::set_scalar(field, scalar_of(value), out);
}

void set_unmapped(std::string_view path, const json::value& value, ParseContext& context,
                  Event& out) {
    if (const auto field = intern_field(path))
        set_value(*field, value, out);
    else
        ++context.left_out;
}

std::optional<Timestamp> time_of(const json::value& value, std::chrono::seconds zone) {
    return flat::time_of(scalar_of(value), zone);
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
