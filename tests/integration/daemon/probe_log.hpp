#pragma once
// ProbeLog: an access log whose every line is numbered and raises a finding, rotated as logrotate
// does it.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "daemon/drill/generate/random.hpp"

namespace kentongan {

/// Used by one thread; what was written is asked for once that has ended.
class ProbeLog {
  public:
    /// distinct: every line from an address of its own, every fifth of them grave.
    /// repeated: lines from the same ten addresses in turn.
    enum class Kind { distinct, repeated };

    ProbeLog(std::filesystem::path path, Kind kind, std::uint64_t seed);

    /// Appends so many lines, sometimes with a line's end coming in a write of its own.
    void append(std::size_t lines);
    /// log.1 becomes log.2 and so on, the log becomes log.1, a new one is begun.
    void rotate();

    [[nodiscard]] std::uint64_t written() const { return written_; }
    [[nodiscard]] int rotations() const { return rotations_; }
    /// Findings there must be, by source address.
    [[nodiscard]] const std::map<std::string, std::uint64_t>& expected() const { return expected_; }

    [[nodiscard]] static std::string address(std::uint64_t number);
    [[nodiscard]] static bool grave(std::uint64_t number) { return number % 5 == 0; }

  private:
    [[nodiscard]] std::string next_line();
    void put(std::string_view text) const;

    std::filesystem::path path_;
    Kind kind_;
    generate::Random random_;
    std::uint64_t written_ = 0;
    int rotations_ = 0;
    std::map<std::string, std::uint64_t> expected_;
};

}  // namespace kentongan
