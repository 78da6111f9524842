#include "daemon/detect/sigma/pattern.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "daemon/base/digest.hpp"
#include "daemon/detect/sigma/fold.hpp"

namespace kentongan::sigma {

namespace {

void add_text(Glob& glob, char c) {
    if (glob.empty() || glob.back().kind != Token::Kind::text)
        glob.push_back({Token::Kind::text, {}});
    glob.back().text += c;
}

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool begins_word(std::string_view text, std::size_t i) {
    if (text[i] != '-' && text[i] != '/') return false;
    return (i == 0 || !is_word(text[i - 1])) && i + 1 < text.size() && is_word(text[i + 1]);
}

bool contains(std::string_view text, std::string_view needle) {
    return needle.empty() ||
           ::memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

std::size_t dash_length(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('/')) return 1;
    for (const std::string_view dash : {"\u2013", "\u2014", "\u2015"})
        if (text.starts_with(dash)) return dash.size();
    return 0;
}

constexpr std::size_t kNoMatch = std::string_view::npos;
using Segment = std::span<const Token>;

/// Where `segment` (without `*`) ends when it matches at `at`; kNoMatch when it does not.
std::size_t match_at(Segment segment, std::string_view text, std::size_t at) {
    for (const Token& token : segment) {
        const std::string_view rest = text.substr(at);
        std::size_t length = 0;
        if (token.kind == Token::Kind::text)
            length = rest.starts_with(token.text) ? token.text.size() : 0;
        else if (token.kind == Token::Kind::one)
            length = rest.empty() ? 0 : character_length(rest);
        else
            length = dash_length(rest);
        if (length == 0) return kNoMatch;
        at += length;
    }
    return at;
}

/// The first place from `at` on where a segment that begins with `first` can match.
std::size_t next_start(const Token& first, std::string_view text, std::size_t at) {
    return first.kind == Token::Kind::text ? text.find(first.text, at) : at;
}

/// The end of the leftmost match from `at` on; with `to_end` only a match that ends the text.
std::size_t search(Segment segment, std::string_view text, std::size_t at, bool to_end) {
    if (segment.empty()) return to_end ? text.size() : at;
    while (at <= text.size()) {
        at = next_start(segment.front(), text, at);
        if (at == kNoMatch) return kNoMatch;
        const std::size_t end = match_at(segment, text, at);
        if (end != kNoMatch && (!to_end || end == text.size())) return end;
        at += at < text.size() ? character_length(text.substr(at)) : 1;
    }
    return kNoMatch;
}

/// The tokens up to the next `*`; `rest` moves behind it.
Segment take_segment(Segment& rest) {
    std::size_t length = 0;
    while (length < rest.size() && rest[length].kind != Token::Kind::any) ++length;
    const Segment segment = rest.first(length);
    rest = rest.subspan(length < rest.size() ? length + 1 : length);
    return segment;
}

}  // namespace

Glob parse_glob(std::string_view text) {
    Glob glob;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] == '\\' && (next == '*' || next == '?' || next == '\\'))
            add_text(glob, text[++i]);
        else if (text[i] == '*')
            open_back(glob);
        else if (text[i] == '?')
            glob.push_back({Token::Kind::one, {}});
        else
            add_text(glob, text[i]);
    }
    return glob;
}

Glob literal_glob(std::string text) {
    if (text.empty()) return {};
    return {{Token::Kind::text, std::move(text)}};
}

std::optional<std::string> literal_of(const Glob& glob) {
    if (glob.empty()) return std::string{};
    if (glob.size() > 1 || glob.front().kind != Token::Kind::text) return std::nullopt;
    return glob.front().text;
}

void open_front(Glob& glob) {
    if (glob.empty() || glob.front().kind != Token::Kind::any)
        glob.insert(glob.begin(), {Token::Kind::any, {}});
}

void open_back(Glob& glob) {
    if (glob.empty() || glob.back().kind != Token::Kind::any)
        glob.push_back({Token::Kind::any, {}});
}

Glob with_any_dash(const Glob& glob) {
    Glob out;
    for (const Token& token : glob) {
        if (token.kind != Token::Kind::text) out.push_back(token);
        for (std::size_t i = 0; i < token.text.size(); ++i)
            if (begins_word(token.text, i))
                out.push_back({Token::Kind::dash, {}});
            else
                add_text(out, token.text[i]);
    }
    return out;
}

std::vector<std::string> base64_at_offsets(std::string_view bytes) {
    constexpr std::size_t kStart[] = {0, 2, 3};
    constexpr std::size_t kCut[] = {0, 3, 2};
    std::vector<std::string> out;
    for (std::size_t shift = 0; shift < 3; ++shift) {
        const std::string padded = std::string(shift, ' ').append(bytes);
        std::string code = to_base64(as_bytes(padded));
        const std::size_t cut = kCut[padded.size() % 3];
        code.resize(code.size() - std::min(code.size(), cut));
        out.push_back(code.substr(std::min(code.size(), kStart[shift])));
    }
    return out;
}

TextPattern::TextPattern(Glob glob, bool cased) : glob_(std::move(glob)), cased_(cased) {
    if (!cased_)
        for (Token& token : glob_) token.text = folded(token.text);
    const bool front = !glob_.empty() && glob_.front().kind == Token::Kind::any;
    const bool back = glob_.size() > (front ? 1u : 0u) && glob_.back().kind == Token::Kind::any;
    const std::size_t inner = glob_.size() - (front ? 1 : 0) - (back ? 1 : 0);
    if (inner == 0) {
        shape_ = front ? Shape::anything : Shape::exact;
    } else if (const Token& only = glob_[front ? 1 : 0];
               inner == 1 && only.kind == Token::Kind::text) {
        needle_ = only.text;
        shape_ = front ? (back ? Shape::contains : Shape::suffix)
                       : (back ? Shape::prefix : Shape::exact);
    }
}

bool TextPattern::matches(std::string_view folded_text, std::string_view original) const {
    const std::string_view text = cased_ ? original : folded_text;
    switch (shape_) {
        case Shape::anything:
            return true;
        case Shape::exact:
            return text == needle_;
        case Shape::prefix:
            return text.starts_with(needle_);
        case Shape::suffix:
            return text.ends_with(needle_);
        case Shape::contains:
            return contains(text, needle_);
        case Shape::glob:
            return matches_glob(text);
    }
    return false;
}

bool TextPattern::matches_glob(std::string_view text) const {
    Segment rest{glob_};
    bool open = false;  // a `*` stands before the segment
    std::size_t at = 0;
    while (true) {
        const bool last = std::ranges::find(rest, Token::Kind::any, &Token::kind) == rest.end();
        const Segment segment = take_segment(rest);
        at = open ? search(segment, text, at, last) : match_at(segment, text, at);
        if (at == kNoMatch) return false;
        if (last) return at == text.size();
        open = true;
    }
}

bool TextPattern::is_open() const {
    return !glob_.empty() && glob_.front().kind == Token::Kind::any &&
           glob_.back().kind == Token::Kind::any;
}

std::string TextPattern::literal() const {
    std::string_view best;
    for (const Token& token : glob_)
        if (token.text.size() > best.size()) best = token.text;
    return cased_ ? folded(best) : std::string(best);
}

std::string TextPattern::key() const {
    std::string out(cased_ ? "c" : "i");
    for (const Token& token : glob_) {
        out += static_cast<char>('0' + static_cast<int>(token.kind));
        out += std::to_string(token.text.size()) + ":" + token.text;
    }
    return out;
}

}  // namespace kentongan::sigma
