#pragma once
// Sees that a file that is followed was removed, or that bytes of it which were read were
// rewritten in place.
#include <filesystem>
#include <functional>

#include "collectors/log/file_reader.hpp"
#include "collectors/log/log_notice.hpp"

namespace kentongan::log {

/// Looks once a tick, at one MiB of what was read; at 16 MiB when something about the file changed
/// but its size did not. So a tick costs some milliseconds at most, and a rewriting that comes with
/// growth is found within as many ticks as the file has MiB.
class TamperWatch {
  public:
    static constexpr std::size_t kChecks = 16;
    /// A file without a name is judged after so many ticks: its compressed copy is there by then.
    static constexpr unsigned kUnlinkedTicks = 2;
    using Tell = std::function<void(Tampering, std::uint64_t offset, std::uint64_t lost_bytes)>;

    /// Another file is read from here on, or the same from its start.
    void restart() { *this = {}; }
    /// Once per look at an open, plain file in which there is nothing to read. `at_path`: it is the
    /// one at its path. `removals`: whether it may be removed by no one.
    void look(FileReader& reader, const std::filesystem::path& path, bool at_path, bool tick,
              bool removals, const Tell& tell);
    /// The largest size it was seen with.
    [[nodiscard]] std::uint64_t largest() const { return size_; }
    void saw(std::uint64_t size) { size_ = std::max(size_, size); }

  private:
    void check(FileReader& reader, std::size_t stretches, const Tell& tell);
    void judge_removal(const FileReader& reader, const std::filesystem::path& path,
                       const Tell& tell);

    std::uint64_t size_ = 0;
    std::uint64_t size_then_ = 0;
    Timestamp touched_{};
    std::size_t suspects_ = 0;  // stretches to look at soon
    unsigned unlinked_ticks_ = 0;
    bool judged_ = false;
};

}  // namespace kentongan::log
