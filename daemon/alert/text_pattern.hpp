#pragma once
// TextPattern: finds and rewrites parts of hostile text by a fixed regular expression.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;

namespace kentongan {

/// Immutable; safe from any thread. A search that costs too much answers as if all of the text had
/// matched: what cannot be judged is not let out.
class TextPattern {
  public:
    /// One match: the whole in [0], then the groups; a group that took no part is empty.
    using Groups = std::vector<std::string_view>;
    using Rewrite = std::function<std::string(const Groups&)>;

    /// `expression` is ours, in PCRE2's syntax; a wrong one is a broken invariant and throws.
    explicit TextPattern(const char* expression);
    ~TextPattern();
    TextPattern(const TextPattern&) = delete;
    TextPattern& operator=(const TextPattern&) = delete;

    [[nodiscard]] std::string replace(std::string_view text, const Rewrite& rewrite) const;

  private:
    pcre2_real_code_8* code_;
};

}  // namespace kentongan
