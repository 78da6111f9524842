#pragma once
// What a frame says. Three kinds of JSON object:
//   {"hello":{"peer":"127.0.0.1:9999","version":"0.1.0"}}      first on a connection
//   {"status":{"forwarded":10,"dropped":0,"undecodable":0}}    every few seconds: since the last
//   {"topic","event","stream","node","record":{…},"received_ns"}   a log record, or with
//   {"topic","event","args":[…],"received_ns"}                 any other Zeek event
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/zeek/record_reader.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::zeek {

struct Message {
    enum class Kind {
        hello,
        status,
        event,      ///< `Event` is filled, but for origin
        no_record,  ///< well formed, but Zeek's content is no record
        malformed   ///< not what the bridge writes
    };
    Kind kind = Kind::malformed;
    std::string peer;               ///< of a hello: at most 128 characters
    std::uint64_t dropped = 0;      ///< of a status: by the bridge, for want of room
    std::uint64_t undecodable = 0;  ///< of a status
};

/// Reads frames, reusing its memory. Not thread-safe.
class MessageReader {
  public:
    MessageReader();
    /// `out` is cleared first. The record without its secrets becomes the event's raw form.
    [[nodiscard]] Message read(std::string_view json, Event& out);

  private:
    [[nodiscard]] Message read_event(const boost::json::object& frame, Event& out);

    std::vector<unsigned char> memory_;
    RecordReader records_;
};

}  // namespace kentongan::zeek
