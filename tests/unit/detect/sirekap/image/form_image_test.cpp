// Photographs of forms: decoding within bounds, registration, hashes of handwriting.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "daemon/base/file.hpp"
#include "daemon/detect/sirekap/image/cell_hash.hpp"
#include "daemon/detect/sirekap/image/form_scanner.hpp"
#include "daemon/detect/sirekap/image/jpeg.hpp"
#include "daemon/detect/sirekap/image/similar_index.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/form_picture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan::sirekap {
namespace {

using generate::form_picture;
using generate::Photograph;
using testing::HasSubstr;

const FormPage& the_page() {
    static const FormLayouts kLayouts = FormLayouts::parse(generate::form_layout(), "f").value();
    return kLayouts.pages().at(0);
}

CellHash hash_of(const std::string& jpeg) {
    const GrayImage image = decode_jpeg(as_bytes(jpeg)).value();
    return hash_cells(image, SquareToQuad{find_corner_marks(image).value()}, the_page());
}

TEST(DecodeJpeg, GivesTheSamePixelsWhateverTheMetadata) {
    const auto plain = decode_jpeg(as_bytes(form_picture({123, 45, 6}, 1)));
    const auto commented =
        decode_jpeg(as_bytes(form_picture({123, 45, 6}, 1, {.comment = "taken by somebody"})));
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->width, 900);
    EXPECT_EQ(plain->pixels, commented->pixels);
}

TEST(DecodeJpeg, ReadsProgressivePicturesAndShrinksLargeOnes) {
    EXPECT_TRUE(decode_jpeg(as_bytes(form_picture({1, 2, 3}, 1, {.progressive = true}))));
    const auto small = decode_jpeg(as_bytes(form_picture({1, 2, 3}, 1)), {.longest_side = 400});
    EXPECT_EQ(small->height, 325);
}

TEST(DecodeJpeg, RefusesWhatPassesItsLimitsOrIsDamaged) {
    const std::string whole = form_picture({1, 2, 3}, 1, {.progressive = true});
    const auto why = [](std::string_view bytes, const JpegLimits& limits = {}) {
        const auto image = decode_jpeg(as_bytes(bytes), limits);
        return image ? std::string{"decoded"} : image.error().message;
    };
    EXPECT_THAT(why(""), HasSubstr("no JPEG"));
    EXPECT_THAT(why("GIF89a"), HasSubstr("no JPEG"));
    EXPECT_THAT(why("\xFF\xD8\xFF\xD9"), HasSubstr("decode a picture: "));
    EXPECT_THAT(why(std::string_view{whole}.substr(0, whole.size() / 2)), HasSubstr("damaged"));
    EXPECT_THAT(why(whole, {.source_pixels = 1000}), HasSubstr("too many"));
    EXPECT_THAT(why(whole, {.scans = 2}), HasSubstr("more than 2 scans"));
    EXPECT_THAT(why(whole, {.memory = 1000}), HasSubstr("decode a picture: "));
}

TEST(DecodeJpeg, AHugePictureByItsHeaderIsRefusedBeforeItIsDecoded) {
    std::string whole = form_picture({1, 2, 3}, 1);
    const auto frame = whole.find("\xFF\xC0");
    ASSERT_NE(frame, std::string::npos);
    for (std::size_t i = 5; i < 9; ++i) whole[frame + i] = '\xFF';  // 65,535 by 65,535
    const auto image = decode_jpeg(as_bytes(whole));
    ASSERT_FALSE(image);
    EXPECT_LT(image.error().message.size(), 200u);
}

TEST(CornerMarks, AreFoundInPhotographsThatAreNotStraight) {
    for (const Photograph& how :
         {Photograph{}, Photograph{.turned = 3}, Photograph{.turned = -3, .shrunk = 0.9},
          Photograph{.shrunk = 0.85, .keystone = 0.05}, Photograph{.light = 0.6, .noise = 12}}) {
        const auto image = decode_jpeg(as_bytes(form_picture({123, 45, 6}, 1, how)));
        EXPECT_TRUE(find_corner_marks(*image));
    }
    const auto without = decode_jpeg(as_bytes(form_picture({123, 45, 6}, 1, {.marks = false})));
    EXPECT_FALSE(find_corner_marks(*without));
    EXPECT_FALSE(find_corner_marks(GrayImage{.width = 1, .height = 1, .pixels = {0}}));
}

TEST(SquareToQuad, MapsCornersToCorners) {
    const std::array<Point, 4> corners{{{10, 20}, {200, 30}, {190, 300}, {5, 280}}};
    const SquareToQuad map{corners};
    const std::array<Point, 4> unit{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(map(unit[i].x, unit[i].y).x, corners[i].x, 1e-9);
        EXPECT_NEAR(map(unit[i].x, unit[i].y).y, corners[i].y, 1e-9);
    }
}

TEST(CellHashes, OfOneFormAreAlikeHoweverItIsPhotographedAgain) {
    const auto original = hash_of(form_picture({187, 246, 359}, 1));
    EXPECT_GE(original.ones(), 24);
    for (const Photograph& how :
         {Photograph{.quality = 40}, Photograph{.turned = 2}, Photograph{.shrunk = 0.92},
          Photograph{.keystone = 0.03}, Photograph{.light = 0.8, .noise = 8}})
        EXPECT_LE(original.distance(hash_of(form_picture({187, 246, 359}, 1, how))), 6)
            << how.turned << " " << how.shrunk << " " << how.keystone << " " << how.noise;
}

TEST(CellHashes, OfDifferentFormsDiffer) {
    const auto original = hash_of(form_picture({187, 246, 359}, 1));
    int least = 128;
    for (std::uint64_t hand = 2; hand < 22; ++hand)  // the same numbers by other hands
        least = std::min(least, original.distance(hash_of(form_picture({187, 246, 359}, hand))));
    EXPECT_GT(least, 6);
    for (int i = 0; i < 20; ++i)
        EXPECT_GT(original.distance(hash_of(form_picture({100 + i, 200 + i, 300 - i}, 1))), 6);
}

TEST(CellHashes, AreReadBackFromText) {
    const CellHash hash{{0x0123456789ABCDEF, 0xFEDCBA9876543210}};
    EXPECT_EQ(CellHash::parse(hash.to_hex()), hash);
    for (const auto* bad : {"", "12", "0123456789abcdef0123456789abcdeg"})
        EXPECT_FALSE(CellHash::parse(bad)) << bad;
}

TEST(SimilarIndex, MissesNothingWithinSixBits) {
    SimilarIndex index{1000};
    const CellHash first{{0x5555AAAA5555AAAA, 0x123456789ABCDEF0}};
    EXPECT_FALSE(index.add(first, 1));
    EXPECT_FALSE(index.add(first, 1)) << "the same TPS";
    for (unsigned shift = 0; shift < 59; ++shift) {
        CellHash near = first;
        near.words[shift % 2] ^= std::uint64_t{0x3F} << shift;
        EXPECT_TRUE(index.add(near, 100 + shift)) << shift;
    }
    CellHash far = first;
    far.words[0] ^= 0xFFFFFFFF;
    EXPECT_FALSE(index.add(far, 999));
}

TEST(SimilarIndex, IsBounded) {
    SimilarIndex index{100};
    for (std::uint64_t i = 1; i <= 1000; ++i)
        (void)index.add({{i * 0x9E3779B97F4A7C15u, i * 0xBF58476D1CE4E5B9u}}, i);
    EXPECT_EQ(index.size(), 100u);
    EXPECT_EQ(index.evicted(), 900u);
}

TEST(FormLayouts, NameTheLineThatIsWrong) {
    for (const auto* bad :
         {"x = 1", "[[page]]\nform = \"C\"\npage = 1\ncells = []",
          "[[page]]\nform = \"C\"\npage = 0\ncells = [[0,0,0.1,0.1]]",
          "[[page]]\nform = \"C\"\npage = 1\ncells = [[0.95,0,0.1,0.1]]", "[[page"}) {
        const auto layouts = FormLayouts::parse(bad, "forms.toml");
        ASSERT_FALSE(layouts) << bad;
        EXPECT_THAT(layouts.error().message, HasSubstr("layout of forms forms.toml"));
    }
}

struct Scanner : testing::Test {
    std::optional<Event> describe(const std::string& name, std::string_view content,
                                  std::string_view action = "created") {
        const std::string path = folder / name;
        EXPECT_TRUE(write_file(path, content));
        return scanner.describe(an_event()
                                    .of(EventKind::file)
                                    .at("2024-11-27T12:00:00Z")
                                    .with(Field::event_action, action)
                                    .with(Field::file_path, path)
                                    .build());
    }
    TemporaryFolder folder;
    std::vector<std::string> skipped;
    FormScanner scanner{std::make_shared<const FormLayouts>(
                            FormLayouts::parse(generate::form_layout(), "f").value()),
                        [this](std::string_view reason) { skipped.emplace_back(reason); }};
};
const std::string kName = "3171011001001-20241127-190000--63ec3c57-d3fc-472f-b04b-9cafe69974c1.jpg";

TEST_F(Scanner, DescribesAPictureOfAForm) {
    const auto event = describe(kName, form_picture({1, 2, 3}, 1));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, EventKind::file);
    EXPECT_EQ(event->logsource.category, "image");
    EXPECT_EQ(event->text(Field::sirekap_tps), "3171011001001");
    EXPECT_EQ(event->text(*find_field("sirekap.pixels")).size(), 64u);
    EXPECT_THAT(std::string(event->text(*find_field("sirekap.cells"))),
                testing::StartsWith("C_HASIL_KWK/2:"));
    const auto again = describe(kName, form_picture({1, 2, 3}, 1, {.comment = "x"}));
    EXPECT_EQ(event->text(*find_field("sirekap.pixels")),
              again->text(*find_field("sirekap.pixels")));
}

TEST_F(Scanner, LeavesOtherFilesAloneAndCountsWhatItCannotDecode) {
    EXPECT_FALSE(describe("notes.txt", "x"));
    EXPECT_FALSE(describe(kName, form_picture({1, 2, 3}, 1), "removed"));
    EXPECT_TRUE(skipped.empty());
    EXPECT_FALSE(describe(kName, "\xFF\xD8 no picture"));
    EXPECT_EQ(skipped, std::vector<std::string>{"undecodable"});
}

}  // namespace
}  // namespace kentongan::sirekap
