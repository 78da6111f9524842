#pragma once
// What a journal source is set to.
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::journal {

/// The settings table [journal.NAME], and what the program adds.
struct Options {
    std::string name;  ///< NAME; the collector is "journal:NAME". Empty: the path
    std::string path;  ///< a folder of journal files or one of them; empty: this machine's journal
    std::vector<std::string> units;        ///< only entries of these units …
    std::vector<std::string> identifiers;  ///< … or with these syslog identifiers; none: all
    std::string start = "begin";  ///< or "end": what is there at the first start is not read
    bool follow = false;
    std::chrono::milliseconds poll{1000};  ///< longest time between two looks, follow only
    /// Told once per change of state, in a sentence; called on the lane.
    std::function<void(std::string_view)> on_state;
};

}  // namespace kentongan::journal
