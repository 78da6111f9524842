#pragma once
// The event of a DNS query and its answer.
#include "collectors/packet/protocol/dns/message.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet::dns {

/// `query` or `answer` may be null, not both. `asked`: when the query was seen.
void emit(const Message* query, const Message* answer, Side client, const Moment& asked,
          const Moment& at, ProtocolSink& out);

}  // namespace kentongan::packet::dns
