#pragma once
// Runs the samples that come with rules: what must fire and what must stay silent.
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/sigma/load_options.hpp"
#include "daemon/event/event.hpp"

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

/// Reads raw records by a log format, which this room knows none of: format name, text, source
/// name.
using RecordReader =
    std::function<Result<std::vector<Event>>(std::string_view, std::string_view, std::string_view)>;

/// For each rule file dir/NAME.yml below `paths`: the files dir/samples/NAME/fires* and silent*.
///
///     X.ndjson       JSON objects, one a line: see event_reader.hpp
///     X.FORMAT.log   raw lines, read by the log format of that name through `reader`
///     X.log          raw lines, no format; other endings too
///
/// A file without correlations: every event of fires* must match a rule of the file, no event of
/// silent* may. A file that holds a correlation: each sample is one sequence, sorted by event time
/// (events without one come a second after the one before), on which a correlation of the file must
/// fire at least once, or not at all; the rules it names may be in any file below `paths`. An event
/// without logsource has that of the file's first rule. A rule file that does not load, or has no
/// sample of either kind, is a result that is not ok; a file of filters needs none. Blocking.
[[nodiscard]] std::vector<SampleResult> test_samples(
    const std::vector<std::filesystem::path>& paths, const RecordReader& reader,
    const LoadOptions& options = {});

}  // namespace kentongan::sigma
