#pragma once
// One conversation that is or may become a known protocol: both directions in order, and who reads.
#include <array>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/packet/file/file_tap.hpp"
#include "collectors/packet/flow.hpp"
#include "collectors/packet/protocol/recognise.hpp"
#include "collectors/packet/stream/payload_window.hpp"
#include "collectors/packet/stream/reassembler.hpp"

namespace kentongan::packet {

/// What a step made of a conversation.
enum class Verdict : std::uint8_t {
    more,      ///< goes on
    foreign,   ///< nothing that is read here, or not any more
    given_up,  ///< bytes are missing, and its dissector cannot go on without
};

/// Pure. The bytes of one end wait until those of the other that they acknowledge have been read,
/// whatever the order of the capture.
class Conversation {
  public:
    /// Of each end's first bytes, this many are shown to recognise_stream().
    static constexpr std::size_t kHeadBytes = 2048;

    struct Segment {
        Side from;
        std::uint32_t sequence;
        std::optional<std::uint32_t> acknowledges;
        Bytes data;
        std::size_t cut;           ///< bytes behind `data` that the capture left out
        std::uint16_t urgent = 0;  ///< the urgent pointer: the urgent byte's place, counted from 1
    };

    /// `reversed`: who opened it, as far as its content tells, is the flow's responder.
    Conversation(Flow& of, bool reversed, std::uint32_t originator_next,
                 std::uint32_t responder_next)
        : flow(&of),
          reversed(reversed),
          order{Reassembler(originator_next), Reassembler(responder_next)} {}

    [[nodiscard]] Verdict segment(const Segment& segment, const DissectorOptions& options,
                                  const Moment& at, ProtocolSink& out);
    /// Reads what waits, with the holes in it, since nothing more will come.
    void drain_rest(const DissectorOptions& options, const Moment& at, ProtocolSink& out);

    [[nodiscard]] Side side_of(bool from_originator) const {
        return from_originator != reversed ? Side::originator : Side::responder;
    }
    /// From its originator to its responder.
    [[nodiscard]] Tuple tuple_from(Side client) const;
    /// A FIN of this end was seen, and each byte before it was read.
    [[nodiscard]] bool finished(Side from) const;
    [[nodiscard]] std::size_t held_bytes() const {
        return order[0].held_bytes() + order[1].held_bytes() + heads_[0].size() + heads_[1].size() +
               (dissector ? dissector->held_bytes() : 0) +
               (windows ? (*windows)[0].held_bytes() + (*windows)[1].held_bytes() : 0);
    }
    /// The windows that are not full yet are told: nothing more comes.
    void finish_windows(const Moment& at, ProtocolSink& out);
    [[nodiscard]] std::size_t waiting_bytes() const {
        return order[0].waiting_bytes() + order[1].waiting_bytes();
    }

    Flow* flow;
    bool reversed;
    bool conflict = false;  ///< a segment contradicted what was read; for the table to tell
    bool conflict_told = false;
    std::uint64_t gap_bytes = 0;  ///< given up so far; the table takes it
    std::array<Reassembler, 2> order;
    std::unique_ptr<Dissector> dissector;
    /// What each end sends, whatever it is, for rules on raw bytes; null: there are none.
    std::unique_ptr<std::array<PayloadWindow, 2>> windows;
    std::array<std::unique_ptr<FileTransfer>, 2> files;
    std::size_t counted = 0;  ///< held_bytes() as the table has it
    std::list<Conversation>::iterator self;

  private:
    struct Turn {
        Side from;
        std::size_t size;
    };
    struct Context {
        const DissectorOptions& options;
        const Moment& at;
        ProtocolSink& out;
    };

    [[nodiscard]] Reassembler& order_of(Side side) { return order[static_cast<std::size_t>(side)]; }
    [[nodiscard]] bool must_wait(Side from, std::optional<std::uint32_t> acknowledges) const;
    [[nodiscard]] Verdict read(Side from, Bytes data, const Context& c);
    [[nodiscard]] Verdict hand_on(Side from, Bytes data, const Context& c);
    [[nodiscard]] Verdict dissect(Side from, Bytes data, const Context& c);
    void hide_encrypted(const Context& c);
    [[nodiscard]] Verdict unless_shown(Verdict verdict, const Context& c);
    void show(Side from, Bytes data, const Moment& at, ProtocolSink& out);
    [[nodiscard]] Verdict recognise(Side from, Bytes data, const Context& c);
    [[nodiscard]] Verdict replay(const Context& c);
    [[nodiscard]] Verdict missing(Side from, std::uint64_t size, const Context& c);
    [[nodiscard]] Verdict drain(const Context& c);
    [[nodiscard]] Verdict make_room(Side from, const Context& c);

    std::array<std::optional<std::uint32_t>, 2> urgent_;  // sequence number of the urgent byte
    bool blind_ = false;  // of no protocol that is read: only the windows go on
    std::array<std::string, 2> heads_;
    std::vector<Turn> turns_;  // of what is in heads_
};

}  // namespace kentongan::packet
