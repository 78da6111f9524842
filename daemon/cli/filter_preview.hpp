#pragma once
// What a filter would have kept quiet of the alerts that are stored.
#include <map>
#include <string>
#include <vector>

#include "daemon/alert/alert.hpp"
#include "daemon/config/config.hpp"
#include "daemon/detect/sigma/filter_trial.hpp"

namespace kentongan::cli {

struct PreviewedAlert {
    enum class Outcome {
        suppressed,  ///< every event that is kept of it, and no more are behind it
        mostly,      ///< every event that is kept; more were counted than are kept
        reduced,     ///< some of the events that are kept
        kept,        ///< none
        unjudged,    ///< the events could not be read again; reason says why
    };
    Alert alert;
    Outcome outcome = Outcome::kept;
    std::size_t judged = 0;      ///< pieces of evidence
    std::size_t suppressed = 0;  ///< of them
    std::string reason;
};
[[nodiscard]] std::string_view name_of(PreviewedAlert::Outcome outcome);

/// Judges one alert of a rule that the trial touches.
[[nodiscard]] PreviewedAlert preview(Alert alert, sigma::FilterTrial& trial, const Config& config);

}  // namespace kentongan::cli
