#pragma once
#include <string>
#include <vector>

#include "daemon/base/time.hpp"
#include "daemon/config/config.hpp"

namespace kentongan {

/// What is in force, as SHA-256 in lower-case hex.
struct Digests {
    /// Rule files and those settings that decide what is found and who is told.
    std::string control;
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

/// What a reload changed, by name.
[[nodiscard]] std::vector<std::string> changed(const Digests& before, const Digests& after);

}  // namespace kentongan
