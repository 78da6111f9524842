// What a hit says of its event.
#include "daemon/detect/hit.hpp"

#include "daemon/detect/subject.hpp"

namespace kentongan {

namespace {

/// Whether a copy of the event is small enough to be kept by the thousand: its fields count, too,
/// for the body of a request on the wire is in no raw record.
bool is_small(const Event& event) {
    std::size_t bytes = event.raw().size();
    for (std::size_t i = 0; i < event.size() && bytes <= KeptEvent::kLargest; ++i) {
        const Value value = event.value_at(i);
        if (value.type() == Value::Type::text && !event.is_in_raw(i)) bytes += value.text().size();
    }
    return bytes <= KeptEvent::kLargest;
}

}  // namespace

Subject Hit::subject() const {
    if (about) return about->subject;
    return event ? subject_of(*event) : Subject{};
}

Evidence Hit::evidence() const {
    if (about) return about->evidence;
    return event ? evidence_of(*event) : Evidence{};
}

std::shared_ptr<Hit> KeptEvent::hit() {
    if (!kept_ && !about_) {
        if (is_small(*event_))
            kept_ = std::make_shared<const Event>(*event_);
        else
            about_ = std::make_shared<const Hit::About>(subject_of(*event_), evidence_of(*event_));
    }
    auto out = std::make_shared<Hit>();
    out->time = event_->time;
    out->source = event_->origin.source;
    out->event = kept_;
    out->about = about_;
    return out;
}

}  // namespace kentongan
