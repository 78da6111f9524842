#pragma once
// Plays events through the rules and correlations of a set, as lanes and correlator would.
#include <memory>
#include <string>
#include <vector>

#include "daemon/detect/sigma/ruleset.hpp"
#include "daemon/detect/sigma/sample_reader.hpp"

namespace kentongan::sigma {

/// Whether any of the rules matches the event.
[[nodiscard]] bool matches_any(const Ruleset& ruleset, const std::vector<std::uint32_t>& rules,
                               const Event& event);

struct PlayedSequence {
    std::size_t hits = 0;            ///< matches of rules that correlations count
    std::vector<std::string> fired;  ///< what the given correlations said
};

/// In event time. Events without a time come a second after the one before them.
[[nodiscard]] PlayedSequence play_sequence(const std::shared_ptr<const Ruleset>& ruleset,
                                           const std::vector<const Correlation*>& correlations,
                                           std::vector<SampleEvent> events);

}  // namespace kentongan::sigma
