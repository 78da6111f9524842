#pragma once
// Rehearsal: a drill with a daemon of its own, in a folder of its own, told to agencies of its own.
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/exercise_clock.hpp"
#include "daemon/cli/api_client.hpp"
#include "daemon/drill/agency_desk.hpp"
#include "daemon/drill/child.hpp"
#include "daemon/drill/director.hpp"
#include "daemon/drill/night.hpp"
#include "daemon/drill/score.hpp"

namespace kentongan::cli {

struct RehearsalSettings {
    std::vector<const drill::Scenario*> scenarios;
    bool whole_night = true;  ///< else the part of it that the scenarios need
    double speed = 60;
    std::uint64_t seed = 1;
    double scale = 1;
    std::filesystem::path rules;   ///< empty: beside the program, or the installed ones
    std::filesystem::path folder;  ///< kept; empty: a temporary one
    std::function<void(Timestamp)> progress;
};

class Rehearsal {
  public:
    explicit Rehearsal(RehearsalSettings settings);

    /// Builds the stage, starts the daemon, plays the night, asks for the alerts. An error when the
    /// drill could not be held; what failed in it is in the score. Blocks; once.
    [[nodiscard]] Result<drill::Score> run();

  private:
    [[nodiscard]] Result<> prepare();
    [[nodiscard]] Task<Result<>> hold();
    [[nodiscard]] Task<Result<>> play(drill::Director& director,
                                      std::vector<drill::Action> actions);
    [[nodiscard]] Task<Result<>> wait_until_ready();
    [[nodiscard]] Task<Result<>> wait_until_delivered();
    [[nodiscard]] Task<Result<>> fetch_alerts();
    [[nodiscard]] Task<> keep_score();
    [[nodiscard]] Result<> write_score(bool running) const;
    [[nodiscard]] Task<Result<boost::json::value>> ask(std::string target);
    [[nodiscard]] Result<> end();

    RehearsalSettings settings_;
    bool keeps_ = false;
    generate::Jakarta jakarta_;
    drill::NightSettings night_;
    boost::asio::io_context loop_{1};
    std::optional<ExerciseClock> clock_;
    std::optional<drill::AgencyDesk> desk_;
    drill::StageSettings stage_;
    std::optional<Child> daemon_;
    std::optional<ApiClient> api_;
    std::vector<drill::SeenAlert> alerts_;
};

}  // namespace kentongan::cli
