#pragma once
// Stage: the folder the demo plays in, with everything the daemon is told to watch.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/drill/generate/jakarta.hpp"

namespace kentongan::demo {

struct Agency {
    std::string name;
    std::string url;
    std::string secret;  ///< whsk_…, which the daemon signs with
};

/// What the settings file is made of.
struct StageSettings {
    std::filesystem::path folder;
    std::filesystem::path rules;
    std::vector<Agency> agencies;
    bool capture_live = false;
    std::uint16_t web_port = 0;    ///< of the site that is attacked
    std::uint16_t scan_first = 0;  ///< 150 ports from here are scanned, the next one is flooded
    std::uint16_t api_port = 0;
    std::uint16_t report_port = 0;  ///< where citizens report
};

class Stage {
  public:
    /// Makes the folder's content: register, key and token files, web root, empty logs, settings,
    /// and a recorded capture where live capture is not allowed.
    [[nodiscard]] static Result<Stage> build(StageSettings settings,
                                             const generate::Jakarta& jakarta);

    [[nodiscard]] std::filesystem::path config() const { return path("kentongan.toml"); }
    [[nodiscard]] std::filesystem::path socket() const { return path("zeek.sock"); }
    [[nodiscard]] std::filesystem::path database() const { return path("state/alerts.db"); }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const {
        return settings_.folder / name;
    }
    [[nodiscard]] const std::string& token() const { return token_; }

  private:
    explicit Stage(StageSettings settings) : settings_(std::move(settings)) {}
    [[nodiscard]] Result<> write(const std::string& name, std::string_view content) const;
    [[nodiscard]] std::string toml() const;

    StageSettings settings_;
    std::string token_;
};

}  // namespace kentongan::demo
