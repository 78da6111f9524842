#pragma once
// Lines of a text protocol, put together from pieces.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet {

/// A line of more than kLongest bytes comes in parts of that size.
class Lines {
  public:
    static constexpr std::size_t kLongest = 4096;

    struct Line {
        std::string_view text;  ///< without its end; valid until the next call
        bool begins = true;     ///< else it is the rest of a line that was too long
        bool ends = true;
    };
    /// Takes bytes off `input` until a line, or all that is held of one, is there.
    [[nodiscard]] std::optional<Line> next(Bytes& input) {
        if (given_) {
            text_.clear();
            begins_ = ended_;
            given_ = false;
        }
        while (!input.empty()) {
            const char c = static_cast<char>(input.front());
            input = input.subspan(1);
            ended_ = c == '\n';
            if (!ended_) text_ += c;
            if (!ended_ && text_.size() < kLongest) continue;
            given_ = true;
            std::string_view text = text_;
            if (ended_ && text.ends_with('\r')) text.remove_suffix(1);
            return Line{text, begins_, ended_};
        }
        return std::nullopt;
    }
    [[nodiscard]] std::size_t held_bytes() const { return text_.capacity(); }

  private:
    std::string text_;
    bool given_ = false;  // what is in text_ was given out
    bool begins_ = true;
    bool ended_ = true;
};

/// "250-size": the code, and whether it is the last line of its reply.
struct ReplyLine {
    int code = 0;
    bool last = false;
    std::string_view text;
};
[[nodiscard]] inline std::optional<ReplyLine> parse_reply(std::string_view line) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit))
        return std::nullopt;
    if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return std::nullopt;
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    return ReplyLine{code, line.size() == 3 || line[3] == ' ',
                     line.substr(std::min<std::size_t>(line.size(), 4))};
}

}  // namespace kentongan::packet
