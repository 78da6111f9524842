#pragma once
// Regular expressions of rules. Most are searched for by Hyperscan, many at once (ScanDatabase);
// PCRE2 with JIT, bounded in size and in effort, judges them when they are read, explains, and
// stands in for what Hyperscan cannot do.
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/detect/sigma/scan_database.hpp"

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;
struct pcre2_real_jit_stack_8;

namespace kentongan::sigma {

struct RegexFlags {
    bool ignore_case = false;
    bool multi_line = false;
    bool dot_all = false;
};

/// What matching needs to write to: one for each thread.
class RegexScratch {
  public:
    RegexScratch();
    ~RegexScratch();
    RegexScratch(const RegexScratch&) = delete;
    RegexScratch& operator=(const RegexScratch&) = delete;

    /// Matches given up because they would have taken too long; they count as no match.
    [[nodiscard]] std::uint64_t gave_up() const { return gave_up_; }

  private:
    friend class Regex;
    pcre2_real_match_data_8* data_ = nullptr;
    pcre2_real_match_context_8* context_ = nullptr;
    pcre2_real_jit_stack_8* stack_ = nullptr;
    std::uint64_t gave_up_ = 0;
};

/// Searches anywhere in a text. Immutable; shared between threads.
class Regex {
  public:
    static constexpr std::size_t kMaximumBytes = 16 * 1024;

    /// The error is PCRE2's message with the offset in the pattern.
    static std::expected<std::shared_ptr<const Regex>, std::string> compile(
        const std::string& pattern, RegexFlags flags);
    ~Regex();
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    [[nodiscard]] bool found_in(std::string_view text, RegexScratch& scratch) const;

    /// The same for the scanner that searches for many at once. Where it cannot take the
    /// expression, one that finds more (`superset`), or none: only found_in() can tell then.
    [[nodiscard]] const std::optional<ScanPattern>& scanned() const { return scanned_; }

  private:
    Regex(pcre2_real_code_8* code, std::optional<ScanPattern> scanned)
        : code_(code), scanned_(std::move(scanned)) {}
    pcre2_real_code_8* code_;
    std::optional<ScanPattern> scanned_;
};

}  // namespace kentongan::sigma
