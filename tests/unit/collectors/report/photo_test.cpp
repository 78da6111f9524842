#include "collectors/report/photo.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/pictures.hpp"

namespace kentongan::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kPlace = "6.1754S 106.8272E";

TEST(Photo, OfAJpegOnlyThePictureStays) {
    const std::string told = jpeg_segment(0xE0, "JFIF") + exif(1, kPlace) +
                             jpeg_segment(0xE1, "http://ns.adobe.com/xap/1.0/ Siti Aminah") +
                             jpeg_segment(0xED, "Photoshop 3.0") + jpeg_segment(0xE2, "MPF") +
                             jpeg_segment(0xFE, "taken by Siti Aminah");
    const auto clean = clean_photo(a_jpeg(told, "a second picture, or a program"));
    ASSERT_TRUE(clean);
    EXPECT_EQ(clean->bytes, a_jpeg());
    EXPECT_EQ(clean->extension, "jpg");
    EXPECT_EQ(clean->width, 16u);
    EXPECT_EQ(clean->height, 12u);
}

TEST(Photo, WhichWayUpItIsStaysAndNothingElseOfExif) {
    for (const bool little : {true, false}) {
        const auto clean = clean_photo(a_jpeg(exif(6, kPlace, little)));
        ASSERT_TRUE(clean);
        EXPECT_THAT(clean->bytes, Not(HasSubstr(kPlace)));
        EXPECT_EQ(clean->bytes.size(), a_jpeg().size() + 36);
        const auto again = clean_photo(clean->bytes);
        ASSERT_TRUE(again);
        EXPECT_EQ(again->bytes, clean->bytes);
    }
}

TEST(Photo, HowColoursAreMeantStays) {
    const std::string adobe = jpeg_segment(0xEE, std::string("Adobe\0\x64\0\0\0\0\x01", 12));
    EXPECT_EQ(clean_photo(a_jpeg(adobe))->bytes, a_jpeg(adobe));
}

TEST(Photo, OfAPngOnlyThePictureStays) {
    const std::string told = png_chunk("tEXt", "Author\0Siti") + png_chunk("eXIf", kPlace) +
                             png_chunk("iTXt", "x") + png_chunk("zTXt", "x") +
                             png_chunk("tIME", "1234567") + png_chunk("prVt", "x");
    const auto clean = clean_photo(a_png(told, "<?php"));
    ASSERT_TRUE(clean);
    EXPECT_EQ(clean->bytes, a_png());
    EXPECT_EQ(clean->extension, "png");
    EXPECT_EQ(clean->width, 3u);
}

TEST(Photo, WhatIsNoPictureIsRefused) {
    for (const std::string_view bytes :
         {"", "GIF89a", "<?php echo 1;", "%PDF-1.7", "RIFF\x10\0\0\0WEBP", "\xFF\xD8"})
        EXPECT_EQ(clean_photo(bytes).error(), PhotoFault::unsupported) << bytes;
}

TEST(Photo, APictureThatIsCutAnywhereIsDamaged) {
    for (const std::string& whole : {a_jpeg(), a_png()})
        for (std::size_t size = 8; size < whole.size(); ++size) {
            const auto clean = clean_photo(std::string_view(whole).substr(0, size));
            ASSERT_FALSE(clean) << size;
            EXPECT_EQ(clean.error(), PhotoFault::damaged) << size;
        }
}

TEST(Photo, AChunkWhoseChecksumIsWrongIsDamage) {
    std::string bytes = a_png();
    bytes[bytes.find("IDAT") + 6] ^= 1;
    EXPECT_EQ(clean_photo(bytes).error(), PhotoFault::damaged);
}

TEST(Photo, APictureOfTooManyPixelsIsRefusedUnseen) {
    std::string jpeg = a_jpeg();
    const auto frame = jpeg.find("\xFF\xC0");
    jpeg.replace(frame + 5, 4, "\xFF\xFF\xFF\xFF");
    EXPECT_EQ(clean_photo(jpeg).error(), PhotoFault::too_many_pixels);
    std::string png = a_png();
    const std::string header = std::string("\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x08\0\0\0\0", 13);
    png.replace(8, 25, png_chunk("IHDR", header));
    EXPECT_EQ(clean_photo(png).error(), PhotoFault::too_many_pixels);
}

}  // namespace
}  // namespace kentongan::report
