#pragma once
// Runs saved snapshots through a detector, as a replay does.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "collectors/sirekap/snapshot_folder.hpp"
#include "daemon/detect/detector.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::sirekap::published {

/// The findings of a detector that is told all that a folder holds, in order of time.
inline std::vector<Finding> findings_of_folder(Detector& detector,
                                               const std::filesystem::path& folder) {
    const auto saved = SnapshotFolder::read(folder).value();
    SavedReader reader;
    RecordingFindings out;
    Timestamp now{};
    std::uint64_t position = 0;
    for (const SavedMoment& moment : saved.moments) {
        const SavedFile& file = saved.files[moment.file];
        const std::string body = reader.read(file).value();
        const auto head = DocumentHead::read(body);
        Event event;
        fill_published_event(file.file, moment.told, head ? &*head : nullptr, body, event);
        event.time = now = moment.time;
        event.origin = {intern_text("published:test"), ++position};
        detector.advance(event.time, out);
        detector.inspect(event, out);
    }
    detector.advance(now + std::chrono::hours{1}, out);
    detector.end_of_input(out);
    return std::move(out.all);
}

/// Severity and message of findings of a rule.
inline std::vector<std::string> told(const std::vector<Finding>& findings, std::string_view rule) {
    std::vector<std::string> out;
    for (const Finding& finding : findings)
        if (finding.rule->id == rule)
            out.push_back(fmt::format("{}: {}",
                                      name_of(finding.severity.value_or(finding.rule->severity)),
                                      finding.message));
    return out;
}

}  // namespace kentongan::sirekap::published
