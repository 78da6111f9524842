// The frames of the bridge: the bytes in one piece and in pieces give the same messages.
#include <vector>

#include "collectors/zeek/frame.hpp"
#include "collectors/zeek/message.hpp"

namespace {

using namespace kentongan;

struct Seen {
    std::vector<std::string> frames;
    bool broken = false;
    bool operator==(const Seen&) const = default;
};

Seen read_in_pieces(std::string_view bytes, std::size_t piece) {
    zeek::FrameReader reader{4096};
    Seen out;
    for (std::size_t i = 0; i < bytes.size(); i += piece) {
        reader.feed(bytes.substr(i, piece));
        while (const auto frame = reader.next()) out.frames.emplace_back(*frame);
    }
    out.broken = reader.broken();
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const Seen whole = read_in_pieces(bytes, size);
    if (whole != read_in_pieces(bytes, 1 + data[0] % 7)) __builtin_trap();
    zeek::MessageReader reader;
    Event event;
    for (const auto& frame : whole.frames) (void)reader.read(frame, event);
    return 0;
}
