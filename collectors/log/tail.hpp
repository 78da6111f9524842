#pragma once
// What to do next with a file that grows, is rotated and truncated: decided from what was seen,
// without touching the file system.
#include <cstdint>

namespace kentongan::log {

/// What one look at the file system gave.
struct Sighting {
    std::uint64_t path_inode = 0;  ///< of the file at the path; 0: none
    std::uint64_t open_inode = 0;  ///< of the file held open; 0: none
    std::uint64_t open_size = 0;   ///< its size, bytes
    bool head_changed = false;     ///< its first bytes are not the ones that were read
    bool tick = false;             ///< the poll timer made us look
    bool changed = false;          ///< a change in the folder or the file did
    bool complete = false;         ///< nobody writes to the open file: compressed, or a copy
    bool superseded = false;       ///< it was renamed, and so was the one after it
    bool pending = false;          ///< lines were read that may go on
};

enum class TailStep : std::uint8_t {
    wait,
    open,      ///< the file at the path, from its start
    read,      ///< on, in the open file
    give_out,  ///< what was read and may go on: nothing has come for a while
    restart,   ///< the open file was truncated: read it from its start
    next,      ///< the open file was renamed away and is drained: go on with the one after it
};

/// One file's follower.
class Tail {
  public:
    /// A writer goes on for a moment in a file that was renamed, until it reopens the path; so many
    /// ticks in a row without growth mean it is done.
    static constexpr unsigned kGraceTicks = 3;
    static constexpr unsigned kLongestPauseTicks = 60;
    /// Lines that may go on are given out after so many ticks without growth.
    static constexpr unsigned kPendingTicks = 2;

    /// `offset`: the next byte to read of the open file.
    [[nodiscard]] TailStep decide(const Sighting& seen, std::uint64_t offset);
    /// Opening or reading failed: pauses double from one tick up to kLongestPauseTicks. A change
    /// that was noticed ends a pause.
    void failed();
    void succeeded();

  private:
    [[nodiscard]] bool pausing(const Sighting& seen);

    [[nodiscard]] bool pending_for_long(const Sighting& seen);

    unsigned quiet_ticks_ = 0;
    unsigned pending_ticks_ = 0;
    unsigned failures_ = 0;
    unsigned pause_ = 0;
};

}  // namespace kentongan::log
