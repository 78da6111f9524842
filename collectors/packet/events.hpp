#pragma once
// The events a packet sensor emits, begun for dissectors or made from flows.
#include "collectors/packet/community_id.hpp"
#include "collectors/packet/flow.hpp"
#include "collectors/packet/stream/dissector.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::packet {

/// Fills one event after another; the reference is good until the next call.
class EventWriter {
  public:
    /// `source`: interned name of the capture, for Event::origin.
    explicit EventWriter(std::string_view source) : source_(source) {}

    /// A connection, told at its end: `time` is when the end was known, not when it began, so that
    /// the times of a source's events never go backwards. event.start says when it began.
    const Event& connection(const Flow& flow, Timestamp time);
    /// A connection that lasts, as it stands: its counts are from its beginning.
    const Event& ongoing(const Flow& flow, Timestamp time);
    /// An event between these ends with only them, its time and its origin set.
    [[nodiscard]] Event& begin(EventKind kind, std::string_view category, const Tuple& tuple,
                               const Moment& at);
    /// The event begun last.
    [[nodiscard]] const Event& event() const { return event_; }

  private:
    void set_ends(const Tuple& tuple);

    std::string_view source_;
    CommunityId community_id_;
    Event event_;
};

}  // namespace kentongan::packet
