#pragma once
// The parent process: one worker a peer, started again when it ends. libbroker hangs for good on a
// peer that speaks another version, and may crash; a process is the one thing that can be ended.
#include "collectors/zeek/bridge/settings.hpp"

namespace kentongan::bridge {

/// Runs until SIGTERM or SIGINT; the exit status. `argv`: of main, with a null at its end. Each
/// thing that changes with a peer is printed once on stderr.
[[nodiscard]] int run_supervisor(const Settings& settings, char** argv);

}  // namespace kentongan::bridge
