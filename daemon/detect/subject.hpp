#pragma once
// From an event to the parts of a finding that every detector fills alike.
#include "daemon/alert/finding.hpp"
#include "daemon/event/event.hpp"

namespace kentongan {

/// Who and what the event is about, from its ECS fields.
[[nodiscard]] Subject subject_of(const Event& event);

/// The event as evidence: its origin, the SHA-256 of its raw form (of its JSON when it has none)
/// and an excerpt.
[[nodiscard]] Evidence evidence_of(const Event& event);

/// A finding of `rule` about one event, with subject and evidence filled in. The entity is the
/// first of these that the event has: TPS, file path, source address, user, host, source name.
[[nodiscard]] Finding finding_of(std::shared_ptr<const Rule> rule, const Event& event,
                                 std::string message);

}  // namespace kentongan
