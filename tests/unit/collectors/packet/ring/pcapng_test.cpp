#include "collectors/packet/ring/pcapng.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "collectors/packet/capture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan::packet::ring {
namespace {

CapturedPacket packet(std::string_view bytes, std::int64_t nanoseconds, int linktype = 1) {
    return {.linktype = linktype,
            .time = from_nanoseconds(nanoseconds),
            .bytes = as_bytes(bytes),
            .wire_bytes = bytes.size() + 7};
}

TEST(Pcapng, ReadsWhatItWrote) {
    std::string sections;
    append_section(sections, 12);
    append_packet(sections, packet("one", 1'700'000'000'123'456'789, 12));
    append_section(sections, 113);
    append_packet(sections, packet("four", 5, 113));
    std::vector<std::string> seen;
    ASSERT_TRUE(for_each_packet(sections, [&](const CapturedPacket& p, std::string_view block) {
        EXPECT_EQ(block.size(), packet_block_bytes(p.bytes.size()));
        EXPECT_EQ(p.wire_bytes, p.bytes.size() + 7);
        seen.push_back(std::to_string(p.linktype) + " " + std::string(as_text(p.bytes)) + " " +
                       std::to_string(to_nanoseconds(p.time)));
    }));
    EXPECT_EQ(seen, (std::vector<std::string>{"12 one 1700000000123456789", "113 four 5"}));
}

TEST(Pcapng, IsWhatLibpcapReads) {
    TemporaryFolder folder;
    std::string sections;
    append_section(sections, 1);
    append_packet(sections, packet("abcdefghijklmn", 1'700'000'000'123'456'789));
    append_section(sections, 1);
    append_packet(sections, packet("opqrstuvwxyz", 1'700'000'000'123'456'790));
    std::ofstream(folder / "a.pcapng", std::ios::binary) << sections;
    Options options;
    options.file = folder / "a.pcapng";
    auto capture = Capture::open_file(options);
    ASSERT_TRUE(capture) << capture.error().message;
    std::vector<std::string> seen;
    const auto batch = capture->read(10, [&](const CapturedPacket& p) {
        seen.push_back(std::string(as_text(p.bytes)) + " " +
                       std::to_string(to_nanoseconds(p.time)));
    });
    EXPECT_EQ(batch.failure, "");
    EXPECT_EQ(seen, (std::vector<std::string>{"abcdefghijklmn 1700000000123456789",
                                              "opqrstuvwxyz 1700000000123456790"}));
}

TEST(Pcapng, StopsAtDamageWhereverItIs) {
    std::string sections;
    append_section(sections, 1);
    append_packet(sections, packet("abcdefgh", 1));
    append_packet(sections, packet("ijkl", 2));
    const auto count = [](std::string_view bytes) {
        int packets = 0;
        (void)for_each_packet(bytes, [&](const CapturedPacket&, std::string_view) { ++packets; });
        return packets;
    };
    for (std::size_t cut = 0; cut < sections.size(); ++cut)
        EXPECT_LE(count(std::string_view(sections).substr(0, cut)),
                  cut + 36 < sections.size() ? 1 : 2);
    for (std::size_t at = 0; at < sections.size(); ++at) {
        std::string flipped = sections;
        flipped[at] = static_cast<char>(flipped[at] ^ 0xFF);
        EXPECT_LE(count(flipped), 2);
    }
}

}  // namespace
}  // namespace kentongan::packet::ring
