#include "collectors/packet/protocol/smtp/decoders.hpp"

#include <optional>

#include "daemon/base/text.hpp"

namespace kentongan::packet::smtp {

namespace {

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    const char lower = ascii_lower(c);
    if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
    return std::nullopt;
}

std::optional<unsigned> base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
    if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a' + 26);
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0' + 52);
    if (c == '+') return 62U;
    if (c == '/') return 63U;
    return std::nullopt;
}

/// One encoded word's content; the charset is not converted but for Latin 1.
std::string word_content(std::string_view charset, char encoding, std::string_view text) {
    std::string out;
    if (ascii_lower(encoding) == 'b') {
        Decoder(Encoding::base64).line(text, true, out);
    } else {
        std::string spaced(text);
        for (char& c : spaced)
            if (c == '_') c = ' ';
        Decoder decoder(Encoding::quoted_printable);
        decoder.line(spaced, false, out);
    }
    if (!equals_ignoring_case(charset, "iso-8859-1")) return out;
    std::string utf8;
    for (const char c : out) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            utf8 += c;
        } else {
            utf8 += static_cast<char>(0xC0 | byte >> 6);
            utf8 += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return utf8;
}

}  // namespace

Encoding encoding_named(std::string_view name) {
    if (equals_ignoring_case(name, "base64")) return Encoding::base64;
    if (equals_ignoring_case(name, "quoted-printable")) return Encoding::quoted_printable;
    return Encoding::none;
}

void Decoder::line(std::string_view text, bool ends, std::string& out) {
    if (encoding_ == Encoding::base64) return base64(text, out);
    if (line_due_) out += "\r\n";
    line_due_ = ends;
    if (encoding_ == Encoding::none)
        out += text;
    else
        quoted_printable(text, out);
}

void Decoder::base64(std::string_view text, std::string& out) {
    for (const char c : text) {
        if (c == '=') padded_ = true;
        const auto digit = base64_digit(c);
        if (!digit || padded_) continue;
        bits_ = bits_ << 6 | *digit;
        bit_count_ += 6;
        if (bit_count_ < 8) continue;
        bit_count_ -= 8;
        out += static_cast<char>(bits_ >> bit_count_ & 0xFF);
    }
}

void Decoder::quoted_printable(std::string_view text, std::string& out) {
    const bool line_ends = line_due_;
    std::string joined;
    if (!escape_.empty()) {
        joined = escape_ + std::string(text);
        escape_.clear();
        text = joined;
    }
    if (line_ends)
        while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '=') {
            out += text[i];
            continue;
        }
        const std::size_t left = text.size() - i;
        if (left == 1 && line_ends) {
            line_due_ = false;  // a soft break: the line goes on
            return;
        }
        if (left < 3 && !line_ends) {
            escape_ = text.substr(i);
            return;
        }
        const auto high = left < 3 ? std::nullopt : hex_digit(text[i + 1]);
        const auto low = left < 3 ? std::nullopt : hex_digit(text[i + 2]);
        if (!high || !low) {
            out += '=';
            continue;
        }
        out += static_cast<char>(*high << 4 | *low);
        i += 2;
    }
}

std::string decode_words(std::string_view text) {
    std::string out;
    bool after_word = false;
    while (!text.empty()) {
        const auto begin = text.find("=?");
        const auto charset = begin == std::string_view::npos ? begin : text.find('?', begin + 2);
        const bool fits = charset != std::string_view::npos && charset + 2 < text.size() &&
                          text[charset + 2] == '?';
        const auto end = fits ? text.find("?=", charset + 3) : std::string_view::npos;
        const std::string_view before = text.substr(0, end == text.npos ? text.npos : begin);
        // Blanks between two encoded words are not of the text.
        if (!(after_word && end != text.npos && trim(before).empty())) out += before;
        if (end == std::string_view::npos) return out;
        out += word_content(text.substr(begin + 2, charset - begin - 2), text[charset + 1],
                            text.substr(charset + 3, end - charset - 3));
        text.remove_prefix(end + 2);
        after_word = true;
    }
    return out;
}

std::string decode_percent(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto high =
            text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
        const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
        if (low) {
            out += static_cast<char>(*high << 4 | *low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace kentongan::packet::smtp
