#pragma once
// Reopening: an alert that people closed, and that became more severe since, is theirs again.
#include <string>
#include <vector>

#include "daemon/store/entry_log.hpp"
#include "daemon/store/triage.hpp"

namespace kentongan {

/// An alert whose severity rose.
struct Risen {
    std::string alert;
    Severity severity = Severity::medium;  ///< now
};

/// Those of `risen` that are closed, and stored with a lower severity, are opened again by an act
/// of "kentongan" with its entry in the history. On the store's thread, before their new severity
/// is stored: what is done twice changes nothing more.
[[nodiscard]] Result<> reopen(const std::vector<Risen>& risen, TriageStore& triage,
                              EntryLog& history, Timestamp now);

}  // namespace kentongan
