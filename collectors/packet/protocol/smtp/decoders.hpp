#pragma once
// How MIME carries bytes: base64, quoted-printable, or as they are (RFC 2045, section 6).
#include <cstdint>
#include <string>
#include <string_view>

namespace kentongan::packet::smtp {

enum class Encoding : std::uint8_t { none, base64, quoted_printable };
[[nodiscard]] Encoding encoding_named(std::string_view name);

/// Decodes line by line. What is no code is passed over, as mail readers do.
class Decoder {
  public:
    explicit Decoder(Encoding encoding = Encoding::none) : encoding_(encoding) {}
    /// Appends what a line, or a part of one, stands for. The end of a line is that of the next
    /// one's beginning: the last before a boundary is not of the content.
    void line(std::string_view text, bool ends, std::string& out);

  private:
    void base64(std::string_view text, std::string& out);
    void quoted_printable(std::string_view text, std::string& out);

    Encoding encoding_;
    std::uint32_t bits_ = 0;
    unsigned bit_count_ = 0;
    bool padded_ = false;
    bool line_due_ = false;
    std::string escape_;  // "=" and a digit, where a part of a line was cut
};

/// Encoded words of a header as text (RFC 2047): those in UTF-8, US-ASCII and ISO 8859-1.
[[nodiscard]] std::string decode_words(std::string_view text);
/// "%41" of RFC 2231.
[[nodiscard]] std::string decode_percent(std::string_view text);

}  // namespace kentongan::packet::smtp
