#pragma once
// Runs the samples that come with rules: what must fire and what must stay silent.
#include <filesystem>
#include <string>
#include <vector>

namespace kentongan::sigma {

/// One sample file, or its absence.
struct SampleResult {
    std::string file;    ///< of the rule
    std::string rule;    ///< its title
    std::string sample;  ///< path; empty when there is none
    bool must_fire = false;
    bool ok = false;
    std::string reason;  ///< when not ok: "line 3 did not fire"
};

/// For each rule file dir/NAME.yml below `paths`: the files dir/samples/NAME/fires* and silent*,
/// with one event a line, JSON objects in *.ndjson and raw lines in others. Every event of a
/// fires* file must match a rule of the file, no event of a silent* file may. An event without
/// logsource has that of the first rule. A rule file that does not load, or has no sample of either
/// kind, is a result that is not ok. Blocking.
[[nodiscard]] std::vector<SampleResult> test_samples(
    const std::vector<std::filesystem::path>& paths);

}  // namespace kentongan::sigma
