#pragma once
// How much a name looks like words: the mean log-likelihood of its letters, each after the two
// before it.
#include <span>
#include <string_view>
#include <vector>

namespace kentongan::anomaly {

/// Interpolated trigrams (Jelinek and Mercer 1980) over a-z, 0-9, the hyphen and the border of a
/// name. 236 KiB. Immutable once trained, so shared by threads freely.
class TrigramModel {
  public:
    /// Each word counts once.
    explicit TrigramModel(std::span<const std::string_view> words);

    /// Natural logarithm per letter, the border after the last one included; 0 for an empty name.
    [[nodiscard]] double score(std::string_view name) const;

    /// Trained at start on word_list(), the project's own list of Indonesian and English words.
    [[nodiscard]] static const TrigramModel& built_in();

  private:
    static constexpr std::size_t kLetters = 39;  // 0 is the border, 38 all else
    [[nodiscard]] static std::size_t letter(char c);

    std::vector<float> log_;  // [a][b][c]: log P(c | a b)
};

/// Words that names of sites are made of, written for this purpose.
[[nodiscard]] std::span<const std::string_view> word_list();

}  // namespace kentongan::anomaly
