#pragma once
// What reads one protocol: it is given the bytes of one conversation in order and tells events.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "daemon/base/bytes.hpp"
#include "daemon/base/time.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::packet {

/// An end of a conversation. The originator opened it, as far as that was seen.
enum class Side : std::uint8_t { originator, responder };
[[nodiscard]] constexpr Side other(Side side) {
    return side == Side::originator ? Side::responder : Side::originator;
}

/// The packet that brought the bytes being read.
struct Moment {
    Timestamp time{};
    std::uint64_t packet = 0;  ///< its number in the capture, from 1
};

/// The tables and lists of dissectors that are capped: what a full one lets go is counted.
enum class Table : std::uint8_t {
    http,
    dns,
    ftp,
    ftp_data,
    smtp,
    mime,
    postgresql,
    mysql,
    tls,
    quic
};
inline constexpr std::size_t kTables = 10;
[[nodiscard]] constexpr std::string_view name_of(Table table) {
    constexpr std::string_view kNames[kTables] = {
        "http", "dns", "ftp", "ftp_data", "smtp", "mime", "postgresql", "mysql", "tls", "quic"};
    return kNames[static_cast<std::size_t>(table)];
}

/// Where a dissector puts what it saw. Lives on the lane; serves one conversation at a time.
class ProtocolSink {
  public:
    virtual ~ProtocolSink() = default;

    /// An empty event with its ends, transport, Community ID, time and origin set: `client` is its
    /// source. Fill it, then emit() it before anything else is begun.
    [[nodiscard]] virtual Event& begin(EventKind kind, std::string_view category, Side client,
                                       const Moment& at) = 0;
    virtual void emit() = 0;

    /// A file that goes over the wire, sent by `from`, piece by piece as its bytes are read. At
    /// most one is open for each end of a conversation; beginning the next ends the one before.
    struct FileFacts {
        std::string_view name;       ///< as the sender calls it; may be empty or hostile
        std::string_view mime_type;  ///< as the sender claims
        std::string_view source;     ///< "http", "smtp", "ftp"
    };
    virtual void begin_file(Side from, const FileFacts& facts, const Moment& at) = 0;
    virtual void file_bytes(Side from, Bytes data) = 0;
    /// `whole`: every byte of it was seen.
    virtual void end_file(Side from, bool whole, const Moment& at) = 0;

    /// A file that another connection between the conversation's ends will bring: the one that is
    /// opened towards `port` of `listens`.
    struct FileToCome {
        Side listens = Side::responder;
        std::uint16_t port = 0;
        Side sender = Side::responder;
        std::string_view name;
        bool whole = true;  ///< false: the sender begins in its middle
    };
    virtual void await_file(const FileToCome& /*file*/, const Moment& /*at*/) {}
    /// It will not come after all.
    virtual void forget_file(Side /*listens*/, std::uint16_t /*port*/) {}
    /// Whether `from` ended its direction in order, and all it sent was read.
    [[nodiscard]] virtual bool finished(Side /*from*/) const { return true; }

    /// Bytes that came but could not be read, since others before them are missing.
    virtual void unread(std::uint64_t /*bytes*/) {}
    /// A full table let something go that was waited for, or did not take it in.
    virtual void evicted(Table /*table*/) {}
};

/// Reads one conversation. Hostile bytes never make it fail: it says that they are not its
/// protocol. Holds at most what held_bytes() says. Lives on one lane.
class Dissector {
  public:
    enum class Outcome : std::uint8_t {
        more,     ///< wants what follows
        done,     ///< saw all it wants: the rest of the conversation is not looked at
        foreign,  ///< not this protocol, or not any more
    };

    virtual ~Dissector() = default;
    /// The next bytes of one end, in order and without a gap; of a datagram protocol, one datagram.
    /// They are valid during the call only. The bytes of one end that acknowledge bytes of the
    /// other come after these.
    [[nodiscard]] virtual Outcome bytes(Side from, Bytes data, const Moment& at,
                                        ProtocolSink& out) = 0;
    /// `size` bytes of one end are missing. Few protocols can be taken up again after that.
    [[nodiscard]] virtual Outcome gap(Side from, std::uint64_t size, const Moment& at,
                                      ProtocolSink& out) {
        (void)from, (void)size, (void)at, (void)out;
        return Outcome::foreign;
    }
    /// The conversation is over or is given up: what is half known is told. Called once.
    virtual void end(const Moment& at, ProtocolSink& out) = 0;
    /// What passes from here on is encrypted: rules on raw bytes would find nothing in it.
    [[nodiscard]] virtual bool encrypted() const { return false; }
    /// Bytes on the heap that it holds for later.
    [[nodiscard]] virtual std::size_t held_bytes() const = 0;
};

/// What the first bytes of a conversation say about its protocol.
struct Recognition {
    /// Set once the protocol is known; it has not been given any byte yet.
    std::unique_ptr<Dissector> dissector;
    /// More bytes may tell; false with no dissector: nothing that is read here.
    bool undecided = false;
};

}  // namespace kentongan::packet
