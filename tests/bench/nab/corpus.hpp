#pragma once
// Reads the Numenta Anomaly Benchmark from a checkout of it.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "tests/bench/nab/scorer.hpp"

namespace kentongan::nab {

struct Series {
    std::string name;  ///< "realTweets/Twitter_volume_GOOG.csv"
    std::vector<double> values;
    std::vector<Window> windows;
};

/// Every file of data/ with its windows of labels/combined_windows.json, by name.
[[nodiscard]] Result<std::vector<Series>> read_corpus(const std::filesystem::path& checkout);

/// A published detector's results/NAME/… in the order of the corpus.
[[nodiscard]] Result<std::vector<Judged>> read_results(const std::filesystem::path& checkout,
                                                       const std::string& detector,
                                                       const std::vector<Series>& corpus);

/// The scores published for it (results/final_results.json), in the order of kProfiles.
[[nodiscard]] Result<std::vector<double>> published(const std::filesystem::path& checkout,
                                                    const std::string& detector);

}  // namespace kentongan::nab
