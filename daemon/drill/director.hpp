#pragma once
// Director: plays a script against a stage, each change at its time of the drill's clock.
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/async/task.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/exercise_clock.hpp"
#include "daemon/drill/script.hpp"

namespace kentongan::drill {

class Director {
  public:
    /// `report_port`: of the intake of citizens' reports on loopback; 0: none.
    Director(std::filesystem::path folder, std::uint16_t report_port, const ExerciseClock& clock)
        : folder_(std::move(folder)), report_port_(report_port), clock_(clock) {}

    /// Until the last action is done, or cancelled. Errors name the file. `progress` is told the
    /// time of the night about every real second.
    [[nodiscard]] Task<Result<>> play(std::vector<Action> actions,
                                      std::function<void(Timestamp)> progress);

    /// Reports that the intake did not take.
    [[nodiscard]] std::size_t refused() const { return refused_; }

  private:
    [[nodiscard]] Task<Result<>> perform(const Action& action);
    [[nodiscard]] Result<> rotate(const std::string& file);
    [[nodiscard]] Task<bool> post(const Action& action);
    [[nodiscard]] Result<> flush();

    std::filesystem::path folder_;
    std::uint16_t report_port_;
    const ExerciseClock& clock_;
    std::map<std::string, std::string> waiting_;  // by file: lines not yet written
    std::size_t refused_ = 0;
};

}  // namespace kentongan::drill
