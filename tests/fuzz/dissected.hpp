#pragma once
// A conversation of hostile bytes through a dissector, whole and byte by byte: both must tell the
// same, tell it in order, and hold no more than is allowed.
#include <cstdlib>
#include <memory>
#include <string>

#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

class CheckedSink final : public ProtocolSink {
  public:
    Event& begin(EventKind kind, std::string_view category, Side client,
                 const Moment& at) override {
        if (open_) std::abort();
        open_ = true;
        event_.clear();
        event_.kind = kind;
        event_.time = at.time;
        event_.logsource.category = category;
        event_.set(Field::source_port, static_cast<int>(client));
        return event_;
    }
    void emit() override {
        if (!open_) std::abort();
        open_ = false;
        log += to_json(event_) + "\n";
    }
    void begin_file(Side from, const FileFacts& facts, const Moment&) override {
        file_[static_cast<std::size_t>(from)] = true;
        log += "file " + std::string(facts.name) + "\n";
    }
    void file_bytes(Side from, Bytes data) override {
        if (!file_[static_cast<std::size_t>(from)]) std::abort();
        log += as_text(data);
    }
    void end_file(Side from, bool whole, const Moment&) override {
        if (!file_[static_cast<std::size_t>(from)]) std::abort();
        file_[static_cast<std::size_t>(from)] = false;
        log += whole ? "\nwhole\n" : "\ncut\n";
    }

    std::string log;

  private:
    Event event_;
    bool open_ = false;
    bool file_[2] = {};
};

/// The input is a list of segments: a byte whose lowest bit is the sender, two of length, bytes.
inline std::string dissect(Dissector& dissector, Bytes input, std::size_t piece,
                           std::size_t most_held) {
    CheckedSink sink;
    Moment at;
    auto outcome = Dissector::Outcome::more;
    ByteReader in(input);
    while (in.rest().size() > 3 && outcome == Dissector::Outcome::more) {
        const std::uint8_t head = in.u8();
        const std::size_t size = in.u16();
        Bytes data = in.take(std::min(size, in.rest().size()));
        at.time += std::chrono::milliseconds{head};
        ++at.packet;
        while (!data.empty() && outcome == Dissector::Outcome::more) {
            const Bytes part = data.first(std::min(piece, data.size()));
            data = data.subspan(part.size());
            outcome = dissector.bytes(static_cast<Side>(head & 1), part, at, sink);
            if (dissector.held_bytes() > most_held) std::abort();
        }
    }
    dissector.end(at, sink);
    return sink.log;
}

/// For streams: cuts change nothing.
inline void dissect_stream(std::unique_ptr<Dissector> (*make)(), Bytes input,
                           std::size_t most_held = std::size_t{1} << 20) {
    const std::string whole = dissect(*make(), input, SIZE_MAX, most_held);
    if (dissect(*make(), input, 1, most_held) != whole) std::abort();
}

}  // namespace kentongan::packet
