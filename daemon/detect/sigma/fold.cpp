#include "daemon/detect/sigma/fold.hpp"

#include <algorithm>
#include <cstdint>

#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace {

struct Decoded {
    char32_t code = 0;
    std::size_t length = 0;  // 0: not UTF-8
};

std::size_t stated_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

bool is_character(char32_t code, std::size_t length) {
    constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    return code >= kLeast[length] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

Decoded decode(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = stated_length(lead);
    if (length == 1) return {lead, 1};
    if (length == 0 || length > text.size()) return {};
    char32_t code = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto tail = static_cast<unsigned char>(text[i]);
        if ((tail & 0xC0) != 0x80) return {};
        code = code << 6 | (tail & 0x3Fu);
    }
    return is_character(code, length) ? Decoded{code, length} : Decoded{};
}

void append(char32_t code, std::string& out) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | code >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

/// Letters whose small form is a fixed step away; or pairs in which the capital is even, or odd.
struct FoldRange {
    char32_t first, last;
    std::int32_t step;
};
constexpr std::int32_t kEven = 1'000'000;
constexpr std::int32_t kOdd = 1'000'001;
constexpr FoldRange kFoldRanges[] = {
    {0xC0, 0xD6, 32},        {0xD8, 0xDE, 32},        {0x100, 0x12F, kEven},
    {0x132, 0x137, kEven},   {0x139, 0x148, kOdd},    {0x14A, 0x177, kEven},
    {0x178, 0x178, -121},    {0x179, 0x17E, kOdd},    {0x17F, 0x17F, -268},
    {0x386, 0x386, 38},      {0x388, 0x38A, 37},      {0x38C, 0x38C, 64},
    {0x38E, 0x38F, 63},      {0x391, 0x3A1, 32},      {0x3A3, 0x3AB, 32},
    {0x3C2, 0x3C2, 1},       {0x400, 0x40F, 80},      {0x410, 0x42F, 32},
    {0x460, 0x481, kEven},   {0x48A, 0x4BF, kEven},   {0x4D0, 0x52F, kEven},
    {0x531, 0x556, 48},      {0x1E00, 0x1E95, kEven}, {0x1EA0, 0x1EFF, kEven},
    {0x212A, 0x212A, -8383}, {0x212B, 0x212B, -8262}, {0xFF21, 0xFF3A, 32},
};

char32_t fold(char32_t code) {
    for (const auto& range : kFoldRanges) {
        if (code < range.first) break;
        if (code > range.last) continue;
        if (range.step == kEven) return code | 1;
        if (range.step == kOdd) return code + (code & 1);
        return static_cast<char32_t>(static_cast<std::int32_t>(code) + range.step);
    }
    return code;
}

void append_folded_unicode(std::string_view text, std::string& out) {
    while (!text.empty()) {
        const Decoded decoded = decode(text);
        if (decoded.length <= 1)
            out += ascii_lower(text.front());
        else
            append(fold(decoded.code), out);
        text.remove_prefix(std::max<std::size_t>(decoded.length, 1));
    }
}

}  // namespace

bool is_ascii(std::string_view text) {
    unsigned char all = 0;
    for (const char c : text) all |= static_cast<unsigned char>(c);
    return all < 0x80;
}

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = decode(text).length;
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

void append_folded(std::string_view text, std::string& out) {
    if (!is_ascii(text)) return append_folded_unicode(text, out);
    const std::size_t at = out.size();
    out.resize(at + text.size());
    std::ranges::transform(text, out.begin() + static_cast<std::ptrdiff_t>(at), ascii_lower);
}

std::string folded(std::string_view text) {
    std::string out;
    append_folded(text, out);
    return out;
}

std::size_t character_length(std::string_view text) {
    return std::max<std::size_t>(decode(text).length, 1);
}

std::string to_utf16(std::string_view text, bool big_endian) {
    std::string out;
    const auto put = [&](char32_t unit) {
        const char high = static_cast<char>(unit >> 8);
        const char low = static_cast<char>(unit & 0xFF);
        out += big_endian ? high : low;
        out += big_endian ? low : high;
    };
    while (!text.empty()) {
        const Decoded decoded = decode(text);
        const char32_t code = decoded.length == 0 ? 0xFFFD : decoded.code;
        if (code >= 0x10000) put(0xD800 + ((code - 0x10000) >> 10));
        put(code >= 0x10000 ? 0xDC00 + ((code - 0x10000) & 0x3FF) : code);
        text.remove_prefix(std::max<std::size_t>(decoded.length, 1));
    }
    return out;
}

}  // namespace kentongan::sigma
