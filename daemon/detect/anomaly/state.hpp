#pragma once
// What a detector keeps over a restart, as text: capped in size, with a version and a digest, so
// that a damaged or foreign state is refused and never half believed.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::anomaly {

/// When a state is due: at most once in ten minutes of event time, and only after a change.
class StateClock {
  public:
    void changed() { changed_ = true; }
    void at(Timestamp now) { now_ = std::max(now_, now); }
    /// Whether to write the state now; the wait begins anew.
    [[nodiscard]] bool take();

  private:
    Timestamp now_{};
    std::optional<Timestamp> taken_;
    bool changed_ = false;
};

/// Nanoseconds since 1970, as they are written.
[[nodiscard]] std::int64_t stamp_of(Timestamp time);

/// Lines in sections; of a section's lines the newest kSectionBytes are kept. Lines are added least
/// recently used first and hold no line break.
class StateWriter {
  public:
    static constexpr std::size_t kSectionBytes = std::size_t{2} << 20;
    static constexpr std::size_t kStateBytes = std::size_t{16} << 20;

    StateWriter(std::string_view name, int version) : name_(name), version_(version) {}

    void begin(std::string_view section);
    void add(Timestamp touched, std::string_view line);
    [[nodiscard]] std::string finish();

  private:
    void end_section();

    std::string name_;
    int version_;
    std::string section_;
    std::deque<std::string> lines_;
    std::size_t bytes_ = 0;
    std::string body_;
};

/// One line, read word by word; what is missing or no number is nothing.
class StateLine {
  public:
    StateLine(Timestamp touched, std::string_view text) : touched_(touched), text_(text) {}

    [[nodiscard]] Timestamp touched() const { return touched_; }
    [[nodiscard]] std::optional<std::string_view> word();
    [[nodiscard]] std::optional<double> number();  ///< finite
    [[nodiscard]] std::optional<std::uint64_t> count();
    [[nodiscard]] std::optional<Timestamp> time();
    /// What was not read yet.
    [[nodiscard]] std::string_view rest() const { return text_; }

  private:
    Timestamp touched_;
    std::string_view text_;
};

/// Gives every line to `take`, which says whether it is right. An error names the detector and what
/// is wrong; the digest is checked before the first line is given, so only a state that an older
/// program wrote can be wrong after that.
[[nodiscard]] Result<> read_state(std::string_view state, std::string_view name, int version,
                                  const std::function<bool(std::string_view, StateLine)>& take);

}  // namespace kentongan::anomaly
