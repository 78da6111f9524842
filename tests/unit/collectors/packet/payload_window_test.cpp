#include "collectors/packet/stream/payload_window.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace kentongan::packet {
namespace {

constexpr std::size_t kWindow = PayloadWindow::kWindow;
constexpr std::size_t kOverlap = PayloadWindow::kOverlap;

std::string numbered(std::size_t bytes) {
    std::string out;
    for (std::uint32_t i = 0; out.size() < bytes; ++i)
        out.append(reinterpret_cast<const char*>(&i), 4);
    out.resize(bytes);
    return out;
}

std::vector<std::string> windows_of(std::string_view text, std::size_t piece,
                                    std::uint64_t most = 1 << 20) {
    PayloadWindow window{most};
    std::vector<std::string> out;
    const auto each = [&](Bytes bytes) { out.emplace_back(as_text(bytes)); };
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        window.add(as_bytes(text.substr(0, piece)), each);
    window.finish(each);
    return out;
}

TEST(PayloadWindow, OverlapsTheOneBefore) {
    const std::string text = numbered(3 * kWindow);
    const auto windows = windows_of(text, 1460);
    ASSERT_EQ(windows.size(), 4u);
    std::size_t at = 0;
    for (const std::string& window : windows) {
        EXPECT_EQ(window, text.substr(at, kWindow));
        at += kWindow - kOverlap;
    }
}

TEST(PayloadWindow, IsTheSameHoweverTheBytesCome) {
    const std::string text = numbered(200'000);
    const auto whole = windows_of(text, text.size());
    for (const std::size_t piece : {1u, 7u, 1460u, 65536u, 65537u})
        EXPECT_EQ(windows_of(text, piece), whole);
}

TEST(PayloadWindow, EndsWithWhatIsFreshOnly) {
    EXPECT_EQ(windows_of("few", 1), std::vector<std::string>{"few"});
    EXPECT_EQ(windows_of(numbered(kWindow), 1000).size(), 1u);
    EXPECT_EQ(windows_of("", 1).size(), 0u);
}

TEST(PayloadWindow, LooksAtSoManyBytesAndSaysOnceThatThereWereMore) {
    PayloadWindow window{100};
    std::vector<std::string> seen;
    const auto each = [&](Bytes bytes) { seen.emplace_back(as_text(bytes)); };
    const std::string text(80, 'x');
    window.add(as_bytes(text), each);
    EXPECT_TRUE(window.wants_more());
    EXPECT_FALSE(window.take_cut());
    window.add(as_bytes(text), each);
    EXPECT_FALSE(window.wants_more());
    EXPECT_EQ(seen, std::vector<std::string>{std::string(100, 'x')});
    EXPECT_TRUE(window.take_cut());
    window.add(as_bytes(text), each);
    EXPECT_FALSE(window.take_cut());
    EXPECT_EQ(window.held_bytes(), std::string{}.capacity());
    window.finish(each);
    EXPECT_EQ(seen.size(), 1u);
}

}  // namespace
}  // namespace kentongan::packet
