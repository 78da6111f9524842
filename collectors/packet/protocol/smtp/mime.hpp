#pragma once
// A mail message line by line: its header, and the files in its parts (RFC 5322, RFC 2046).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/packet/protocol/smtp/decoders.hpp"
#include "daemon/base/bytes.hpp"

namespace kentongan::packet::smtp {

class MimeListener {
  public:
    virtual ~MimeListener() = default;
    /// A field of the message's own header, unfolded.
    virtual void header(std::string_view name, std::string_view value) = 0;
    virtual void begin_file(std::string_view name, std::string_view mime_type) = 0;
    virtual void file_bytes(Bytes data) = 0;
    virtual void end_file(bool whole) = 0;
    /// A file that is one too many.
    virtual void left_out() = 0;
};

/// A part is a file when it has a name, is called an attachment or is no text. At most kMostFiles
/// are given, at most kDeepest multiparts within each other are opened.
class MimeReader {
  public:
    static constexpr std::size_t kMostFiles = 64;
    static constexpr std::size_t kDeepest = 8;
    static constexpr std::size_t kLongestField = 8192;

    explicit MimeReader(MimeListener& listener) : listener_(listener) {}

    /// A line, or a part of one that is too long.
    void line(std::string_view text, bool begins, bool ends);
    /// The message is over.
    void finish(bool whole);
    [[nodiscard]] std::size_t held_bytes() const;

  private:
    struct Part {
        std::string type;  ///< lower case, without parameters
        std::string boundary;
        std::string name;
        bool attachment = false;
        Encoding encoding = Encoding::none;
    };

    void header_line(std::string_view text, bool begins);
    void field();
    void content_type(std::string_view value);
    void begin_body();
    bool at_boundary(std::string_view text);
    void end_part(bool whole);

    MimeListener& listener_;
    std::string field_;
    Part part_;
    std::vector<std::string> boundaries_;  // the innermost last
    Decoder decoder_;
    std::string decoded_;
    std::size_t files_ = 0;
    std::size_t lines_of_header_ = 0;
    bool in_header_ = true;
    bool top_ = true;  ///< the header is the message's own
    bool in_file_ = false;
};

/// The value of `name=` among a field's parameters, unquoted; RFC 2231's `name*=` too.
[[nodiscard]] std::string parameter(std::string_view value, std::string_view name);

}  // namespace kentongan::packet::smtp
