#include "collectors/packet/input_file.hpp"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <fstream>
#include <optional>

#include "tests/support/temporary_folder.hpp"

namespace kentongan::packet {
namespace {

std::string gzip(const std::string& text) {
    z_stream state{};
    deflateInit2(&state, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(text.size() + 1024, '\0');
    std::string in = text;
    state.next_in = reinterpret_cast<Bytef*>(in.data());
    state.avail_in = static_cast<uInt>(in.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    deflate(&state, Z_FINISH);
    out.resize(state.total_out);
    deflateEnd(&state);
    return out;
}

std::string zstd(const std::string& text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

struct PacketInput : testing::Test {
    std::string write(const std::string& name, const std::string& bytes) {
        const std::string path = folder / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    /// What a file holds; nothing when reading it fails.
    static std::optional<std::string> read(const std::string& path) {
        auto file = open_input(path);
        if (!file) return std::nullopt;
        std::string out(1 << 20, '\0');
        std::size_t size = 0;
        while (const auto n = std::fread(out.data() + size, 1, 1000, *file)) size += n;
        const bool failed = std::ferror(*file) != 0;
        std::fclose(*file);
        out.resize(size);
        return failed ? std::nullopt : std::optional(out);
    }

    TemporaryFolder folder;
    std::string text = [] {
        std::string out;
        for (int i = 0; i < 30'000; ++i) out += std::to_string(i * i);
        return out;
    }();
};

TEST_F(PacketInput, CompressedFilesReadAsWhatTheyHold) {
    EXPECT_EQ(read(write("plain", text)), text);
    EXPECT_EQ(read(write("one.gz", gzip(text))), text);
    EXPECT_EQ(read(write("two.gz", gzip(text) + gzip("more"))), text + "more");
    EXPECT_EQ(read(write("one.zst", zstd(text))), text);
    EXPECT_EQ(read(write("two.zst", zstd(text) + zstd("more"))), text + "more");
    EXPECT_EQ(read(write("empty", "")), "");
}

TEST_F(PacketInput, CompressedFilesThatBreakOffOrAreDamagedFail) {
    for (const std::string& whole : {gzip(text), zstd(text)}) {
        EXPECT_EQ(read(write("cut", whole.substr(0, whole.size() / 2))), std::nullopt);
        EXPECT_EQ(read(write("tail", whole + "\x28junk")), std::nullopt);
    }
    std::string damaged = gzip(text);  // Zstandard's checksum is optional
    for (std::size_t i = 100; i < 140; ++i) damaged[i] = '\xFF';
    EXPECT_FALSE(read(write("damaged", damaged)));
}

TEST_F(PacketInput, AFolderStandsForItsFilesInTheOrderOfTheirNames) {
    const auto b = write("b.pcap", "2");
    const auto a = write("a.pcap", "1");
    write(".hidden", "");
    EXPECT_EQ(input_files(folder.name()).value(), (std::vector{a, b}));
    EXPECT_EQ(input_files(b).value(), std::vector{b});
    EXPECT_EQ(input_files("-").value(), std::vector<std::string>{"-"});
    const TemporaryFolder empty;
    EXPECT_EQ(input_files(empty.name()).error().code, ErrorCode::no_input);
}

}  // namespace
}  // namespace kentongan::packet
