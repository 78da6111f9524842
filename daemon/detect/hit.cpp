// What a hit says of its event.
#include "daemon/detect/hit.hpp"

#include "daemon/detect/subject.hpp"

namespace kentongan {

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
        if (event_->raw().size() <= kLargest)
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
