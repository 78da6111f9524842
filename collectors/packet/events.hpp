#pragma once
// The events a packet sensor emits, made from flows and HTTP exchanges.
#include "collectors/packet/community_id.hpp"
#include "collectors/packet/flow.hpp"
#include "collectors/packet/http/exchange.hpp"
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
    /// An HTTP request with what is known of its answer.
    const Event& web(const HttpExchange& exchange, const Tuple& tuple, Timestamp time);

  private:
    void begin(EventKind kind, std::string_view category, Timestamp time, std::uint64_t position);
    void set_ends(const Tuple& tuple);

    std::string_view source_;
    CommunityId community_id_;
    Event event_;
};

}  // namespace kentongan::packet
