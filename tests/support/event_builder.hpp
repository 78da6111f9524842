#pragma once
// an_event().of(EventKind::auth).at("2024-11-27T06:00:00Z").with(Field::user_name, "budi").build()
#include <string_view>

#include "daemon/event/event.hpp"

namespace kentongan {

class EventBuilder {
  public:
    EventBuilder& of(EventKind kind) {
        event_.kind = kind;
        return *this;
    }
    EventBuilder& at(std::string_view rfc3339) {
        event_.time = parse_rfc3339(rfc3339).value();
        return *this;
    }
    EventBuilder& at(Timestamp time) {
        event_.time = time;
        return *this;
    }
    EventBuilder& in(std::string_view source, std::uint64_t position = 0) {
        event_.origin = {intern_text(source), position};
        return *this;
    }
    EventBuilder& from(LogSource logsource) {
        event_.logsource = logsource;
        return *this;
    }
    EventBuilder& saying(std::string_view raw) {
        event_.set_raw(raw);
        return *this;
    }
    template <class T>
    EventBuilder& with(Field field, T value) {
        event_.set(field, value);
        return *this;
    }
    template <class T>
    EventBuilder& with(std::string_view name, T value) {
        event_.set(intern_field(name).value(), value);
        return *this;
    }
    [[nodiscard]] Event build() const { return event_; }

  private:
    Event event_;
};

[[nodiscard]] inline EventBuilder an_event() { return {}; }

}  // namespace kentongan
