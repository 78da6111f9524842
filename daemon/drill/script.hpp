#pragma once
// Script: what happens in a drill and when, as changes of files that the daemon watches and as
// requests that it gets.
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::drill {

/// One change, at a time of the drill's clock. Files are named relative to the stage's folder.
struct Action {
    enum class Kind {
        append,    ///< `text` behind what is in `file`
        replace,   ///< `file` is `text`, at once
        truncate,  ///< `file` is empty, as an intruder empties a log
        rotate,    ///< `file` becomes file.1 and is made anew, as logrotate does
        post       ///< `text` is posted to the intake of citizens' reports
    };
    Timestamp time{};
    Kind kind = Kind::append;
    std::string file;
    std::string text;
};

class Script {
  public:
    void line(Timestamp time, std::string file, std::string text) {
        actions_.push_back({time, Action::Kind::append, std::move(file), std::move(text += '\n')});
    }
    void add(Action action) { actions_.push_back(std::move(action)); }

    /// By time; what happens at one time stays in the order in which it was added.
    [[nodiscard]] std::vector<Action> in_order() &&;

  private:
    std::vector<Action> actions_;
};

}  // namespace kentongan::drill
