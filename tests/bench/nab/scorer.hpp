#pragma once
// Scores anomaly detectors as the Numenta Anomaly Benchmark does (Lavin and Ahmad, "Evaluating
// Real-time Anomaly Detection Algorithms - the Numenta Anomaly Benchmark", 2015).
//
// The first 15 % of a file, at most 750 rows, count for nothing. In a window only the best alarm
// counts, the earlier the better; a window without an alarm costs A_FN; an alarm outside costs up
// to A_FP, less shortly after a window. One threshold, the best, holds for the whole corpus. The
// final score puts a detector that never alarms at 0 and a perfect one at 100.
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace kentongan::nab {

/// First and last row of a labelled window, from 0.
struct Window {
    std::size_t first = 0;
    std::size_t last = 0;
};

/// One file of the corpus as a detector judged it: a score a row, in the order of the file.
struct Judged {
    std::vector<double> scores;
    std::vector<Window> windows;  ///< in order, without overlap
};

struct Profile {
    std::string_view name;
    double false_positive = 0;  ///< A_FP
    double false_negative = 0;  ///< A_FN
};
inline constexpr std::array kProfiles{Profile{"standard", 0.11, 1}, Profile{"low FP", 0.22, 1},
                                      Profile{"low FN", 0.11, 2}};

struct Outcome {
    double final = 0;      ///< 0 null, 100 perfect
    double threshold = 0;  ///< alarms are scores at or above it
    std::size_t windows = 0;
    std::size_t windows_hit = 0;
    std::size_t false_positives = 0;  ///< rows
};

/// Rows at the beginning of a file of `rows` that are not scored.
[[nodiscard]] std::size_t probation(std::size_t rows);

/// The score at the threshold that is best for this corpus and profile.
[[nodiscard]] Outcome score(const std::vector<Judged>& corpus, const Profile& profile);

}  // namespace kentongan::nab
