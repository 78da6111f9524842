#include "collectors/log/decompressor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/collectors/log/compress.hpp"

namespace kentongan::log {
namespace {

constexpr Compression kAll[] = {Compression::gzip, Compression::zstd, Compression::xz,
                                Compression::bzip2};

Decompressor::Source source_of(const std::string& bytes) {
    return [&bytes](std::span<char> out, std::uint64_t offset) -> Result<std::size_t> {
        const auto from = std::min<std::size_t>(offset, bytes.size());
        const auto count = std::min(out.size(), bytes.size() - from);
        std::ranges::copy_n(bytes.data() + from, static_cast<std::ptrdiff_t>(count), out.data());
        return count;
    };
}

/// All content in pieces of `step`; what was read before an error is kept.
std::string read_all(Decompressor& decompressor, std::size_t step) {
    std::string out;
    std::string piece(step, '\0');
    for (;;) {
        const auto count = decompressor.read(piece);
        if (!count || *count == 0) return out;
        out.append(piece, 0, *count);
    }
}

std::string lines(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += "line " + std::to_string(i * 7919) + "\n";
    return out;
}

TEST(Decompressor, GivesTheContentOfEveryKindInPiecesOfAnySize) {
    const std::string text = lines(20'000);
    for (const auto kind : kAll)
        for (const std::size_t step : {1000u, 70'000u, 1'000'000u}) {
            const auto bytes = compressed(kind, text);
            Decompressor decompressor{kind, source_of(bytes)};
            EXPECT_EQ(read_all(decompressor, step), text) << static_cast<int>(kind) << " " << step;
            EXPECT_TRUE(decompressor.complete());
            EXPECT_EQ(decompressor.consumed(), bytes.size());
        }
}

TEST(Decompressor, SeveralMembersAreOneContent) {
    for (const auto kind : kAll) {
        const auto bytes = compressed(kind, "one\n") + compressed(kind, "two\n");
        Decompressor decompressor{kind, source_of(bytes)};
        EXPECT_EQ(read_all(decompressor, 100), "one\ntwo\n") << static_cast<int>(kind);
    }
}

TEST(Decompressor, WhatIsStillBeingWrittenGoesOnWhenThereIsMore) {
    const std::string text = lines(50'000);
    for (const auto kind : kAll) {
        const auto whole = compressed(kind, text);
        std::string there = whole.substr(0, whole.size() / 2);
        Decompressor decompressor{kind, source_of(there)};
        auto content = read_all(decompressor, 4096);
        EXPECT_FALSE(decompressor.complete());
        there = whole;
        content += read_all(decompressor, 4096);
        EXPECT_TRUE(decompressor.complete());
        EXPECT_EQ(content, text) << static_cast<int>(kind);
    }
}

TEST(Decompressor, DamagedBytesAreAnErrorAndNothingWorse) {
    std::mt19937 random{3};
    for (const auto kind : kAll)
        for (int i = 0; i < 200; ++i) {
            auto bytes = compressed(kind, lines(300));
            for (int n = 0; n < 3; ++n)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            Decompressor decompressor{kind, source_of(bytes)};
            EXPECT_LE(read_all(decompressor, 5000).size(), std::size_t{1} << 24);
        }
}

TEST(Decompressor, ABombIsRefused) {
    const auto part = compressed(Compression::zstd, std::string(std::size_t{8} << 20, 'x'));
    std::string bomb;
    for (int i = 0; i < 64; ++i) bomb += part;
    Decompressor decompressor{Compression::zstd, source_of(bomb)};
    std::string piece(std::size_t{1} << 20, '\0');
    Result<std::size_t> count{1};
    while (count && *count > 0) count = decompressor.read(piece);
    EXPECT_FALSE(count);
    EXPECT_LT(decompressor.position(), std::size_t{300} << 20);
}

TEST(Decompressor, KnowsKindsByTheEndsOfNames) {
    EXPECT_EQ(compression_of("app.log.1.gz"), Compression::gzip);
    EXPECT_EQ(compression_of("a.zst"), Compression::zstd);
    EXPECT_EQ(compression_of(".gz"), std::nullopt);
    EXPECT_EQ(compression_of("gz"), std::nullopt);
    EXPECT_EQ(without_compression("app.log.1.xz"), "app.log.1");
}

}  // namespace
}  // namespace kentongan::log
