#pragma once
// Reads one JSON object a line without building a tree: each scalar with what its dotted name
// means.
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <string>
#include <string_view>

#include "collectors/json/key_tree.hpp"
#include "collectors/json/scalar.hpp"

namespace kentongan::flat {

inline constexpr unsigned kMaximumDepth = 16;
inline constexpr unsigned kMaximumValues = 512;
inline constexpr std::size_t kMaximumPath = 128;
inline constexpr unsigned kMaximumKeys =
    2048;  ///< of a line; objects without values have keys, too

/// Follows a parser down a line and tells the format, which has
///     Meaning judge(std::string_view path);                  once for each name
///     void take(const Meaning& meaning, const Scalar&);      for each value, in the line's order
/// Elements of an array have the array's name; a key that is there twice is told twice. Values past
/// the caps above are not told but counted.
template <class Format, class Meaning>
class Handler {
  public:
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = max_array_size;
    static constexpr std::size_t max_string_size = max_array_size;
    static constexpr std::size_t max_key_size = max_array_size;

    explicit Handler(Format& format) : format_(format) {}

    void begin_line() {
        names_.begin_line();
        depth_ = 0;
        values_ = keys_ = 0;
        left_out_ = 0;
        text_.clear();
    }
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

    using Code = boost::system::error_code;
    using Text = boost::json::string_view;

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { return open(); }
    bool on_object_end(std::size_t, Code&) { return close(); }
    bool on_array_begin(Code& error) { return depth_ == 0 ? refuse(error) : open(); }
    bool on_array_end(std::size_t, Code&) { return close(); }
    bool on_key_part(Text part, std::size_t, Code&) { return gather(part); }
    bool on_key(Text last, std::size_t size, Code&) {
        Level& level = levels_[depth_ - 1];
        const std::string_view key = whole(last, size);
        const bool fits = ++keys_ <= kMaximumKeys && depth_ <= kMaximumDepth &&
                          level.within != kNowhere && level.path_size + key.size() < kMaximumPath;
        level.current = fits ? names_.child(level.within, key,
                                            [&](std::string_view p) { return format_.judge(p); })
                             : kNowhere;
        level.size = level.path_size + key.size() + 1;
        text_.clear();
        return true;
    }
    bool on_string_part(Text part, std::size_t, Code&) { return gather(part); }
    bool on_string(Text last, std::size_t size, Code& error) {
        const bool taken = take(Scalar::of(whole(last, size)), error);
        text_.clear();
        return taken;
    }
    bool on_number_part(Text, Code&) { return true; }
    bool on_int64(std::int64_t number, Text, Code& error) {
        return take(Scalar::of(number), error);
    }
    bool on_uint64(std::uint64_t number, Text, Code& error) {
        return take(Scalar::of(static_cast<double>(number)), error);
    }
    bool on_double(double number, Text, Code& error) { return take(Scalar::of(number), error); }
    bool on_bool(bool value, Code& error) { return take(Scalar::of(value), error); }
    bool on_null(Code& error) { return take(Scalar{}, error); }
    bool on_comment_part(Text, Code&) { return true; }
    bool on_comment(Text, Code&) { return true; }

  private:
    using Names = KeyTree<Meaning>;
    using Node = typename Names::Node;
    static constexpr Node kNowhere = static_cast<Node>(-1);  // past a cap
    struct Level {
        Node within = Names::kRoot;   // whose members or elements these are
        Node current = Names::kRoot;  // the key read last; of an array, itself
        std::size_t path_size = 0;    // of `within`
        std::size_t size = 0;         // of `current`
    };

    bool open() {
        const Level above = depth_ == 0 ? Level{} : levels_[depth_ - 1];
        levels_[depth_++] = {above.current, above.current, above.size, above.size};
        return true;
    }
    bool close() {
        --depth_;
        return true;
    }
    bool take(const Scalar& value, Code& error) {
        if (depth_ == 0) return refuse(error);
        const Node node = levels_[depth_ - 1].current;
        if (node == kNowhere || depth_ > kMaximumDepth || values_ >= kMaximumValues) {
            ++left_out_;
        } else if (++values_; node != Names::kRoot) {
            format_.take(names_.meaning(node), value);
        }
        return true;
    }
    static bool refuse(Code& error) {
        error = boost::json::make_error_code(boost::json::error::syntax);
        return false;
    }
    bool gather(Text part) {
        text_.append(part.data(), part.size());
        return true;
    }
    /// The text whose last part this is.
    std::string_view whole(Text last, std::size_t size) {
        if (size == last.size()) return {last.data(), last.size()};
        text_.append(last.data(), last.size());
        return text_;
    }

    Format& format_;
    Names names_;
    std::array<Level, 66> levels_{};
    std::size_t depth_ = 0;
    unsigned values_ = 0;
    unsigned keys_ = 0;
    std::uint64_t left_out_ = 0;
    std::string text_;  // parts of an escaped one
};

/// One a format; `format` must outlive it.
template <class Format, class Meaning>
class Reader {
  public:
    explicit Reader(Format& format) : parser_(parse_options(), format) {}

    /// False when the line is anything but one object; the format has then been told a part.
    [[nodiscard]] bool read(std::string_view line) {
        parser_.handler().begin_line();
        parser_.reset();
        boost::system::error_code error;
        const std::size_t read = parser_.write_some(false, line.data(), line.size(), error);
        return !error && read == line.size();
    }
    /// Of the line last read.
    [[nodiscard]] std::uint64_t left_out() const { return parser_.handler().left_out(); }

  private:
    boost::json::basic_parser<Handler<Format, Meaning>> parser_;
};

}  // namespace kentongan::flat
