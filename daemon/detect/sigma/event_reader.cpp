#include "daemon/detect/sigma/event_reader.hpp"

#include <boost/json.hpp>

namespace kentongan::sigma {

namespace {

namespace json = boost::json;

constexpr std::size_t kMaximumDepth = 16;
constexpr std::size_t kMaximumFields = 10'000;

std::optional<EventKind> parse_kind(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(EventKind::heartbeat); ++i)
        if (name_of(static_cast<EventKind>(i)) == name) return static_cast<EventKind>(i);
    return std::nullopt;
}

std::string_view text_of(const json::value& value) {
    const auto* text = value.if_string();
    return text == nullptr ? std::string_view{} : std::string_view{text->data(), text->size()};
}

std::string_view attribute(const json::object& logsource, std::string_view name) {
    const auto* value = logsource.if_contains(name);
    return value == nullptr ? std::string_view{} : intern_text(text_of(*value));
}

class EventReader {
  public:
    Result<Event> read(const json::object& object) {
        for (const auto& member : object) read_member(member.key(), member.value());
        if (!problem_.empty()) return fail(ErrorCode::data, "{}", problem_);
        return std::move(event_);
    }

  private:
    void read_member(std::string_view key, const json::value& value) {
        if (key == "logsource" && value.is_object()) return read_logsource(value.get_object());
        if (key == "kind") return read_kind(text_of(value));
        if (key == "@timestamp") return read_time(text_of(value));
        if (key == "event.original") event_.set_raw(text_of(value));
        put(std::string(key), value, 0);
    }

    void read_logsource(const json::object& names) {
        event_.logsource = {attribute(names, "category"), attribute(names, "product"),
                            attribute(names, "service")};
    }

    void read_kind(std::string_view name) {
        const auto kind = parse_kind(name);
        if (!kind) problem_ = fmt::format("unknown kind '{}'", name);
        event_.kind = kind.value_or(EventKind::log);
    }

    void read_time(std::string_view text) {
        const auto time = parse_rfc3339(text);
        if (!time) problem_ = fmt::format("@timestamp '{}' is not RFC 3339", text);
        event_.time = time.value_or(Timestamp{});
    }

    void put(const std::string& name, const json::value& value, std::size_t depth) {
        if (depth > kMaximumDepth || event_.size() >= kMaximumFields) {
            problem_ = "nested too deep, or too many fields";
            return;
        }
        if (const auto* object = value.if_object()) {
            for (const auto& member : *object)
                put(name + "." + std::string(member.key()), member.value(), depth + 1);
        } else if (const auto* array = value.if_array()) {
            for (const auto& element : *array) put(name, element, depth + 1);
        } else if (const auto field = intern_field(name)) {
            set(*field, value);
        }
    }

    void set(Field field, const json::value& value) {
        if (value.is_null()) event_.set_null(field);
        if (value.is_bool()) event_.set(field, value.get_bool());
        if (value.is_int64()) event_.set(field, value.get_int64());
        if (value.is_uint64()) event_.set(field, static_cast<double>(value.get_uint64()));
        if (value.is_double()) event_.set(field, value.get_double());
        if (value.is_string()) event_.set(field, text_of(value));
    }

    Event event_;
    std::string problem_;
};

}  // namespace

Result<Event> read_event(std::string_view text) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    if (error) return fail(ErrorCode::data, "not JSON: {}", error.message());
    if (!value.is_object()) return fail(ErrorCode::data, "not a JSON object");
    return EventReader().read(value.get_object());
}

}  // namespace kentongan::sigma
