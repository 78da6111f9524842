#pragma once
// Decoding with a memory: fragments are put together, and tunnels are followed to the packet that
// they carry.
#include "collectors/packet/decode.hpp"
#include "collectors/packet/fragment_table.hpp"

namespace kentongan::packet {

/// Lives on one lane.
class Decoder {
  public:
    struct Settings {
        bool checksums = false;   ///< a packet whose checksum is wrong is Fault::checksum
        bool vlans_apart = true;  ///< the same addresses in two VLANs are two networks
    };
    struct Frame {
        int linktype = 1;
        Bytes captured;
        std::size_t wire_bytes = 0;
        Timestamp time{};
    };

    explicit Decoder(Settings settings) : settings_(settings) {}

    /// The payload points into the frame or, of a packet in fragments, into the decoder: it is good
    /// until the next call.
    [[nodiscard]] Decoded decode(const Frame& frame) {
        return decode_with(&fragments_, settings_, frame);
    }
    /// `fragments` null: they are not put together.
    [[nodiscard]] static Decoded decode_with(FragmentTable* fragments, Settings settings,
                                             const Frame& frame);
    [[nodiscard]] FragmentTable& fragments() { return fragments_; }
    [[nodiscard]] const FragmentTable& fragments() const { return fragments_; }

  private:
    struct Layers;

    Settings settings_;
    FragmentTable fragments_;
};

}  // namespace kentongan::packet
