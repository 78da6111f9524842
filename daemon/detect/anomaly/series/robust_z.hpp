#pragma once
// The modified z-score over a window of samples, for heavy tails (Iglewicz and Hoaglin, "How to
// Detect and Handle Outliers", 1993).
#include <cstddef>
#include <vector>

namespace kentongan::anomaly {

/// .6745 (x − median)/MAD against the samples before x; where half of them are equal and MAD is 0,
/// (x − median)/(1.2533 · mean absolute deviation). Above 6 alarms, 3.5 is worth a report. Memory:
/// 8 bytes a sample of the window. Each sample costs two selections over the window.
class RobustZ {
  public:
    /// `window` of 8 to 512 samples; verdicts begin when it is half full.
    explicit RobustZ(std::size_t window = 128);

    /// 0 while learning; infinite where all samples were equal and x is not.
    double add(double x);
    /// The same without learning; at least one sample must have been added.
    [[nodiscard]] double score(double x);
    /// The window, oldest first: adding them to a new one gives it the same memory.
    [[nodiscard]] std::vector<double> samples() const;

  private:
    std::size_t window_;
    std::size_t next_ = 0;
    std::vector<double> samples_;
    std::vector<double> scratch_;
};

}  // namespace kentongan::anomaly
