#pragma once
// Trying YARA rules on the samples that are kept beside them.
//
// samples/<rule>/fires… must match that rule, samples/<rule>/silent… no rule at all; each rule has
// at least one of both. A sample is scanned as it is, or, when its name ends in ".recipe", as the
// bytes its lines describe, so that none is dangerous, or deleted by a scanner, where it lies:
//   text …        the rest of the line        hex FF D8 …   bytes
//   line          a line feed                 repeat 100 00 bytes, so many times
//   path …        the file's path             tree …        the kind of its tree
//   # …           a remark
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/yara/rules.hpp"

namespace kentongan::yara {

struct Sample {
    std::string content;
    Target target;  ///< by its own name, unless its recipe says otherwise
};
/// Errors name the file and, in a recipe, the line.
[[nodiscard]] Result<Sample> read_sample(const std::filesystem::path& file);

struct SampleResult {
    std::string file;    ///< of the rule
    std::string rule;    ///< empty when the file does not compile
    std::string sample;  ///< path; empty when there is none
    bool passed = false;
    std::string reason;  ///< why it did not pass
};

/// Tries the rules of a file or folder, in order of file, rule and sample. Blocking.
[[nodiscard]] Result<std::vector<SampleResult>> test_samples(const std::filesystem::path& path);

}  // namespace kentongan::yara
