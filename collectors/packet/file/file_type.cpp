#include "collectors/packet/file/file_type.hpp"

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"

namespace kentongan::packet {

namespace {

using namespace std::string_view_literals;

struct Signature {
    std::size_t at;
    std::string_view bytes;
    std::string_view type;
};

constexpr std::array kSignatures{
    Signature{0, "MZ"sv, "application/x-dosexec"},
    Signature{0,
              "\x7F"
              "ELF"sv,
              "application/x-executable"},
    Signature{0, "\xCF\xFA\xED\xFE"sv, "application/x-mach-binary"},
    Signature{0, "\xCA\xFE\xBA\xBE"sv, "application/java-vm"},
    Signature{0, "\0asm"sv, "application/wasm"},
    Signature{0, "#!"sv, "text/x-shellscript"},
    Signature{0, "PK\x03\x04"sv, "application/zip"},
    Signature{0, "PK\x05\x06"sv, "application/zip"},
    Signature{0, "\x1F\x8B\x08"sv, "application/gzip"},
    Signature{0, "BZh"sv, "application/x-bzip2"},
    Signature{0,
              "\xFD"
              "7zXZ\0"sv,
              "application/x-xz"},
    Signature{0, "\x28\xB5\x2F\xFD"sv, "application/zstd"},
    Signature{0, "7z\xBC\xAF\x27\x1C"sv, "application/x-7z-compressed"},
    Signature{0, "Rar!\x1A\x07"sv, "application/vnd.rar"},
    Signature{0, "MSCF\0\0\0\0"sv, "application/vnd.ms-cab-compressed"},
    Signature{0, "!<arch>\n"sv, "application/x-archive"},
    Signature{0, "%PDF-"sv, "application/pdf"},
    Signature{0, "{\\rtf"sv, "application/rtf"},
    Signature{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "application/x-ole-storage"},
    Signature{0, "SQLite format 3\0"sv, "application/vnd.sqlite3"},
    Signature{0, "PGDMP"sv, "application/x-postgresql-dump"},
    Signature{0, "\x89PNG\r\n\x1A\n"sv, "image/png"},
    Signature{0, "\xFF\xD8\xFF"sv, "image/jpeg"},
    Signature{0, "GIF87a"sv, "image/gif"},
    Signature{0, "GIF89a"sv, "image/gif"},
    Signature{8, "WEBP"sv, "image/webp"},
    Signature{0, "II*\0"sv, "image/tiff"},
    Signature{0, "MM\0*"sv, "image/tiff"},
    Signature{4, "ftypheic"sv, "image/heic"},
    Signature{4, "ftyp"sv, "video/mp4"},
    Signature{0, "wOF2"sv, "font/woff2"},
    Signature{0, "wOFF"sv, "font/woff"},
};

/// What text begins with behind blanks, in lower case.
constexpr std::array kTexts{
    Signature{0, "<?php"sv, "text/x-php"},    Signature{0, "<?="sv, "text/x-php"},
    Signature{0, "<%@"sv, "text/x-jsp"},      Signature{0, "<!doctype html"sv, "text/html"},
    Signature{0, "<html"sv, "text/html"},     Signature{0, "<?xml"sv, "application/xml"},
    Signature{0, "<svg"sv, "image/svg+xml"},  Signature{0, "{\""sv, "application/json"},
    Signature{0, "[{"sv, "application/json"},
};

/// Of any encoding that has ASCII in it.
bool is_text(std::string_view head) {
    const auto odd = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x7F || (byte < 0x20 && "\t\n\r\f\x1B"sv.find(c) == std::string_view::npos);
    };
    return !head.empty() && std::ranges::none_of(head, odd);
}

}  // namespace

std::string_view file_type_of(Bytes head) {
    std::string_view text = as_text(head).substr(0, kFileTypeBytes);
    for (const Signature& one : kSignatures)
        if (text.size() > one.at && text.substr(one.at).starts_with(one.bytes)) return one.type;
    if (!is_text(text)) return {};
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    text = trim(text);
    for (const Signature& one : kTexts)
        if (equals_ignoring_case(text.substr(0, one.bytes.size()), one.bytes)) return one.type;
    return "text/plain";
}

}  // namespace kentongan::packet
