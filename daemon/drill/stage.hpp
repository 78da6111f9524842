#pragma once
// Stage: the folder of a drill, with the settings of the daemon that watches it.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/base/time.hpp"
#include "daemon/drill/generate/jakarta.hpp"

namespace kentongan::drill {

struct StageSettings {
    std::filesystem::path folder;
    std::filesystem::path rules;
    Timestamp began{};  ///< real time at which the night's clock shows `time`
    Timestamp time{};
    double speed = 60;
    std::uint16_t api_port = 0;
    std::uint16_t report_port = 0;
    std::string token;
    struct Agency {
        std::string name;
        std::string url;
        std::string secret;
    };
    std::vector<Agency> agencies;  ///< none: the settings are for a daemon that has its own
};

/// Makes the folders and the files that are there before the night, secrets readable by us alone.
[[nodiscard]] Result<> build_stage(const StageSettings& settings, const generate::Jakarta& jakarta);

/// Sets when a file was changed last. A failure is of no consequence but to lines without a year.
void date_file(const std::filesystem::path& file, Timestamp time);

/// The settings file of the daemon; what build_stage() writes as kentongan.toml.
[[nodiscard]] std::string stage_toml(const StageSettings& settings);

}  // namespace kentongan::drill
