#include "daemon/detect/sigma/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::uint32_t kMatchLimit = 200'000;  // PCRE2's steps; about a millisecond
constexpr std::uint32_t kHeapKibibytes = 4096;
constexpr std::uint32_t kNesting = 64;
constexpr std::size_t kStackStart = 32 * 1024;
constexpr std::size_t kStackMaximum = 512 * 1024;

/// Bytes unless the pattern speaks of characters; text that is not UTF-8 is still searched.
bool speaks_of_characters(std::string_view pattern) {
    return std::ranges::any_of(pattern,
                               [](char c) { return static_cast<unsigned char>(c) > 127; }) ||
           pattern.find("\\p") != pattern.npos || pattern.find("\\P") != pattern.npos ||
           pattern.find("\\x{") != pattern.npos;
}

std::uint32_t options_of(std::string_view pattern, RegexFlags flags) {
    std::uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    options |=
        speaks_of_characters(pattern) ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF;
    if (flags.ignore_case) options |= PCRE2_CASELESS;
    if (flags.multi_line) options |= PCRE2_MULTILINE;
    if (flags.dot_all) options |= PCRE2_DOTALL;
    return options;
}

constexpr std::size_t kScannedBytes = 2048;
constexpr std::uint64_t kScannedRepeats = 10'000;

/// Hyperscan unrolls what PCRE2 counts: the largest numbers of all {m,n}, multiplied.
std::uint64_t repeats_in(std::string_view pattern) {
    std::uint64_t out = 1;
    while (!pattern.empty()) {
        static_cast<void>(take_until(pattern, '{'));
        std::string_view bounds = pattern.substr(0, pattern.find('}'));
        const auto low = parse_number<std::uint64_t>(take_until(bounds, ',')).value_or(1);
        const auto high = parse_number<std::uint64_t>(bounds).value_or(low);
        out *= std::clamp<std::uint64_t>(std::max(low, high), 1, kScannedRepeats + 1);
        out = std::min(out, kScannedRepeats + 1);
    }
    return out;
}

std::optional<ScanPattern> scanned_form(const std::string& pattern, RegexFlags flags) {
    if (pattern.size() > kScannedBytes || pattern.find('\0') != pattern.npos) return std::nullopt;
    if (repeats_in(pattern) > kScannedRepeats) return std::nullopt;
    ScanPattern out;
    out.text = pattern;
    out.caseless = flags.ignore_case;
    out.multi_line = flags.multi_line;
    out.dot_all = flags.dot_all;
    out.utf8 = speaks_of_characters(pattern);
    out.once = true;
    if (can_scan_for(out)) return out;
    out.superset = true;
    if (can_scan_for(out)) return out;
    return std::nullopt;
}

std::string message_of(int error, std::size_t offset) {
    std::array<unsigned char, 256> text{};
    pcre2_get_error_message(error, text.data(), text.size());
    return fmt::format("{} at offset {}", reinterpret_cast<const char*>(text.data()), offset);
}

}  // namespace

RegexScratch::RegexScratch()
    : data_(pcre2_match_data_create(1, nullptr)),
      context_(pcre2_match_context_create(nullptr)),
      stack_(pcre2_jit_stack_create(kStackStart, kStackMaximum, nullptr)) {
    pcre2_set_match_limit(context_, kMatchLimit);
    pcre2_set_heap_limit(context_, kHeapKibibytes);
    pcre2_jit_stack_assign(context_, nullptr, stack_);
}

RegexScratch::~RegexScratch() {
    pcre2_jit_stack_free(stack_);
    pcre2_match_context_free(context_);
    pcre2_match_data_free(data_);
}

std::expected<std::shared_ptr<const Regex>, std::string> Regex::compile(const std::string& pattern,
                                                                        RegexFlags flags) {
    if (pattern.size() > kMaximumBytes)
        return std::unexpected(fmt::format("longer than {} bytes", kMaximumBytes));
    auto* context = pcre2_compile_context_create(nullptr);
    pcre2_set_parens_nest_limit(context, kNesting);
    int error = 0;
    std::size_t offset = 0;
    auto* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                               options_of(pattern, flags), &error, &offset, context);
    pcre2_compile_context_free(context);
    if (code == nullptr) return std::unexpected(message_of(error, offset));
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);  // without it PCRE2 interprets: slower, the same
    return std::shared_ptr<const Regex>(new Regex(code, scanned_form(pattern, flags)));
}

Regex::~Regex() { pcre2_code_free(code_); }

bool Regex::found_in(std::string_view text, RegexScratch& scratch) const {
    const int result = pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                                   0, scratch.data_, scratch.context_);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH) ++scratch.gave_up_;
    return result >= 0;
}

}  // namespace kentongan::sigma
