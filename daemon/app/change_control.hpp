#pragma once
#include <string>
#include <vector>

#include "daemon/alert/calendar.hpp"
#include "daemon/base/time.hpp"
#include "daemon/config/config.hpp"

namespace kentongan {

/// What is in force, as SHA-256 in lower-case hex.
struct Digests {
    std::string control;   ///< all of these: what a second person says yes to
    std::string rules;     ///< rule files
    std::string settings;  ///< all of them
    std::string people;    ///< the files of tokens and accounts
};

/// Blocking: reads all of these files.
[[nodiscard]] Digests digests_of(const Config& config);

/// A change of what is in force, or one that was refused.
struct Change {
    Timestamp time{};
    std::vector<std::string> what{};  ///< start, rules, settings, people; or refused
    bool second_person = false;       ///< who said yes to it
    std::string why{};                ///< it was refused
};

/// What was in force when the daemon last ran, or was last confirmed, as it is kept over a restart:
/// to start without the calendar does not lift its windows.
struct KeptControl {
    std::string control;
    Calendar windows;  ///< the phases that ask for two persons
};
[[nodiscard]] std::string kept_text(const std::string& control, const Calendar& calendar);
[[nodiscard]] KeptControl kept_control(std::string_view text);

/// What a reload changed, by name.
[[nodiscard]] std::vector<std::string> changed(const Digests& before, const Digests& after);

}  // namespace kentongan
