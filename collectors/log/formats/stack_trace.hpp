#pragma once
// Joins stack traces to the log line they belong to, in text logs of any layout: Java and its kin,
// Python, Go, PHP (Laravel's marks included), Node and Ruby.
#include <string_view>

#include "collectors/log/format.hpp"

namespace kentongan::log {

/// Decides how lines belong together by what traces look like: an indented line goes on with what
/// was before it, and so do the unindented lines that only a trace has ("Caused by: …", "Traceback
/// (most recent call last):", "goroutine 1 [running]:", "#0 /srv/a.php(12): f()"), a blank line
/// inside of a trace, and the exception that ends a Python one. Any other line begins a record.
/// Remembers only whether the pending record is in a trace.
class StackTraceLines {
  public:
    /// Asked once of every line in order, without its newline.
    [[nodiscard]] Fit fit(std::string_view line);
    void forget() { trace_ = Trace::none; }

  private:
    enum class Trace : std::uint8_t { none, plain, python, go };

    [[nodiscard]] Trace trace_after(std::string_view line) const;

    Trace trace_ = Trace::none;
};

}  // namespace kentongan::log
