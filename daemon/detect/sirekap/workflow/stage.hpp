#pragma once
// The stages a TPS's result goes through in Sirekap, and which steps between them there are.
#include <cstdint>
#include <string_view>

#include "daemon/detect/sirekap/workflow/app_event.hpp"

namespace kentongan::sirekap {

enum class Stage : std::uint8_t { unknown, uploaded, read, verified, final, reopened };

/// By the log's word; unknown for any other.
[[nodiscard]] Stage parse_stage(std::string_view word);
[[nodiscard]] std::string_view name_of(Stage stage);

/// Verified or final: numbers no longer change without more ado.
[[nodiscard]] constexpr bool is_closed(Stage stage) {
    return stage == Stage::verified || stage == Stage::final;
}

/// Whether the workflow has no such step: to final without reading and verification, to verified
/// without reading, or back from final without being reopened. An unknown stage allows everything.
[[nodiscard]] bool is_skip(Stage from, Stage to);

/// Whether a TPS that was at `before` when last heard of can be at `now` without an event that says
/// so: the server reads what was uploaded by itself, nothing else goes by itself.
[[nodiscard]] bool goes_by_itself(Stage before, Stage now);

/// Where the act leads, when the log does not say.
[[nodiscard]] Stage after(Act act, Stage before);

}  // namespace kentongan::sirekap
