#include "daemon/store/query/words.hpp"

#include "daemon/base/text.hpp"
#include "daemon/store/query/expression.hpp"

namespace kentongan::query {

namespace {

constexpr std::size_t kTextCap = 4096;
constexpr std::string_view kJoins = ".-_:@";

bool in_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}
bool joins(char c) { return kJoins.find(c) != std::string_view::npos; }

void put(std::string& out, std::string_view word) {
    for (const char c : word.substr(0, kWordCap)) out += ascii_lower(c);
    out += ' ';
}

/// One word with its joins, then its parts.
void put_with_parts(std::string& out, std::string_view word) {
    put(out, word);
    if (word.find_first_of(kJoins) == std::string_view::npos) return;
    for (std::size_t at = 0; at < word.size();) {
        const std::size_t end = std::min(word.find_first_of(kJoins, at), word.size());
        if (end > at) put(out, word.substr(at, end - at));
        at = end + 1;
    }
}

bool matches_one(std::string_view text, std::string_view pattern) {
    std::size_t at = 0;
    std::size_t in = 0;
    std::size_t star = std::string_view::npos;
    std::size_t retry = 0;
    while (at < text.size()) {
        if (in < pattern.size() && pattern[in] == kWild) {
            star = in++;
            retry = at;
        } else if (in < pattern.size() && pattern[in] == text[at]) {
            ++in;
            ++at;
        } else if (star != std::string_view::npos) {
            in = star + 1;
            at = ++retry;
        } else {
            return false;
        }
    }
    while (in < pattern.size() && pattern[in] == kWild) ++in;
    return in == pattern.size();
}

}  // namespace

std::string words_of(std::string_view text) {
    text = text.substr(0, kTextCap);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (!in_word(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && (in_word(text[end]) || joins(text[end]))) ++end;
        std::size_t last = end;
        while (joins(text[last - 1])) --last;
        if (out.empty()) out = " ";
        put_with_parts(out, text.substr(at, last - at));
        at = end;
    }
    return out;
}

bool matches_wild(std::string_view text, std::string_view pattern) {
    if (!text.starts_with('\n')) return matches_one(text, pattern);
    text.remove_prefix(1);
    while (!text.empty())
        if (matches_one(take_until(text, '\n'), pattern)) return true;
    return false;
}

}  // namespace kentongan::query
