#include "collectors/packet/file/file_type.hpp"

#include <gtest/gtest.h>

#include "collectors/packet/file/file_tap.hpp"

namespace kentongan::packet {
namespace {

using namespace std::string_view_literals;

std::string_view type(std::string_view head) { return file_type_of(as_bytes(head)); }

TEST(PacketFileType, IsWhatTheFirstBytesTell) {
    EXPECT_EQ(type("\x7f"
                   "ELF\2\1\1"sv),
              "application/x-executable");
    EXPECT_EQ(type("MZ\x90\0"sv), "application/x-dosexec");
    EXPECT_EQ(type("\xff\xd8\xff\xe0"sv), "image/jpeg");
    EXPECT_EQ(type("RIFF\x10\0\0\0WEBPVP8 "sv), "image/webp");
    EXPECT_EQ(type("%PDF-1.7\n"), "application/pdf");
    EXPECT_EQ(type("\n <?PHP system($_GET[0]);"), "text/x-php");
    EXPECT_EQ(type("\xEF\xBB\xBF<!DOCTYPE html>"), "text/html");
    EXPECT_EQ(type("tps;suara"), "text/plain");
    EXPECT_EQ(type("\1\2\3\4"), "");
    EXPECT_EQ(type(""), "");
}

TEST(PacketFileType, IsToldBesideWhatTheSenderSays) {
    FileTap tap;
    auto file = tap.begin({"a.jpg", "image/jpeg", "http"}, {}, {});
    tap.bytes(*file, as_bytes("<"));
    tap.bytes(*file, as_bytes("?php evil();"));
    Event event;
    tap.end(std::move(file), true, event);
    EXPECT_EQ(event.text(Field::file_mime_type), "image/jpeg");
    EXPECT_EQ(event.text(Field::file_magic), "text/x-php");
}

TEST(PacketFileType, StandsInWhereTheSenderSaysNothing) {
    FileTap tap;
    auto file = tap.begin({"a", "", "ftp"}, {}, {});
    tap.bytes(*file, as_bytes("%PDF-1.7"));
    Event event;
    tap.end(std::move(file), true, event);
    EXPECT_EQ(event.text(Field::file_mime_type), "application/pdf");
}

}  // namespace
}  // namespace kentongan::packet
