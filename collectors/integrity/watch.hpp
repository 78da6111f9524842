#pragma once
// Watch: inotify on the folders of a tree, for a quick reaction between scans. It may miss things
// (too many folders, a full queue, writes through a mapping): the scans are the truth.
#include <mutex>
#include <string>
#include <unordered_map>

#include "collectors/integrity/tree.hpp"
#include "collectors/integrity/walk.hpp"

namespace kentongan::integrity {

class Watch {
  public:
    /// `maximum`: folders watched; the others count as refused.
    explicit Watch(const Tree& tree, std::size_t maximum = 65536);

    /// Any thread. Call it before the folder is listed.
    void add(const std::string& path);

    struct Seen {
        Folders folders;        ///< where something changed; deep: new folders
        bool overflow = false;  ///< something was missed: all has to be looked at
    };
    /// What happened since the last call; never waits.
    [[nodiscard]] Seen poll();

    /// Folders that could not be watched since the last call.
    [[nodiscard]] std::uint64_t take_refused();

  private:
    void note(int descriptor, std::uint32_t mask, std::string_view name, Seen& seen);
    void forget_below(const std::string& path);

    const Tree& tree_;
    const std::size_t maximum_;
    FileDescriptor inotify_;
    std::mutex mutex_;
    std::unordered_map<int, std::string> paths_;  // by watch descriptor
    std::uint64_t refused_ = 0;
};

}  // namespace kentongan::integrity
