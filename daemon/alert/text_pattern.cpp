#include "daemon/alert/text_pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdexcept>

namespace kentongan {

namespace {

constexpr std::uint32_t kMatchLimit = 1'000'000;

struct Scratch {
    explicit Scratch(const pcre2_code* code)
        : data(pcre2_match_data_create_from_pattern(code, nullptr)),
          context(pcre2_match_context_create(nullptr)) {
        pcre2_set_match_limit(context, kMatchLimit);
    }
    ~Scratch() {
        pcre2_match_data_free(data);
        pcre2_match_context_free(context);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    pcre2_match_data* data;
    pcre2_match_context* context;
};

TextPattern::Groups groups_of(std::string_view text, const Scratch& scratch, int found) {
    const PCRE2_SIZE* at = pcre2_get_ovector_pointer(scratch.data);
    const auto count = pcre2_get_ovector_count(scratch.data);
    TextPattern::Groups out(count);
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(found); ++i)
        if (at[2 * i] != PCRE2_UNSET) out[i] = text.substr(at[2 * i], at[2 * i + 1] - at[2 * i]);
    return out;
}

}  // namespace

TextPattern::TextPattern(const char* expression) {
    int error = 0;
    PCRE2_SIZE at = 0;
    code_ = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression), PCRE2_ZERO_TERMINATED,
                          PCRE2_CASELESS, &error, &at, nullptr);
    if (code_ == nullptr) throw std::logic_error(std::string("pattern ") + expression);
}

TextPattern::~TextPattern() { pcre2_code_free(code_); }

std::string TextPattern::replace(std::string_view text, const Rewrite& rewrite) const {
    const Scratch scratch{code_};
    std::string out;
    std::size_t copied = 0;
    for (std::size_t from = 0; from <= text.size();) {
        const int found = pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                      from, 0, scratch.data, scratch.context);
        if (found == PCRE2_ERROR_NOMATCH) break;
        if (found < 0) return "[withheld]";
        const PCRE2_SIZE* at = pcre2_get_ovector_pointer(scratch.data);
        if (at[1] <= from && at[1] == at[0]) {
            ++from;
            continue;
        }
        out.append(text.substr(copied, at[0] - copied));
        out += rewrite(groups_of(text, scratch, found));
        copied = from = at[1];
    }
    out.append(text.substr(copied));
    return out;
}

}  // namespace kentongan
