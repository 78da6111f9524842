#include "collectors/log/formats/stack_trace.hpp"

#include <algorithm>

#include "collectors/log/formats/scan.hpp"

namespace kentongan::log {

namespace {

bool is_name_character(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || c == '$' || c == '\\' || c == ':';
}

/// "java.lang.IllegalStateException: closed", "ValueError: x", "KeyboardInterrupt": one name, then
/// the end or a colon.
bool is_exception(std::string_view line) {
    const auto end = std::find_if_not(line.begin(), line.end(), is_name_character);
    const std::string_view name(line.begin(), end);
    if (name.empty() || name.size() > 256 || is_digit(name[0])) return false;
    if (end != line.end()) return *end == ' ' && name.back() == ':';
    return name.back() != ':' && name.back() != '.';
}

/// The same where a trace has not begun: it has to be named as one, with a package before it.
bool is_qualified_exception(std::string_view line) {
    if (!is_exception(line)) return false;
    auto name = line.substr(0, line.find(' '));
    if (name.ends_with(':')) name.remove_suffix(1);
    const bool qualified = name.find_first_of(".\\") != std::string_view::npos;
    return qualified && (name.ends_with("Exception") || name.ends_with("Error") ||
                         name.ends_with("Throwable") || name.ends_with("Failure"));
}

/// "#0 /srv/app.php(12): handle()", "#12 {main}".
bool is_php_frame(std::string_view line) {
    if (line.size() < 4 || line[0] != '#' || !is_digit(line[1])) return false;
    const auto end = line.find_first_not_of("0123456789", 1);
    return end != std::string_view::npos && end <= 5 && line[end] == ' ';
}

/// What closes Laravel's context, and what PHP says before a previous exception.
bool is_php_ending(std::string_view line) {
    return line == "\"}" || line.starts_with("\"} ") ||
           (line.starts_with("Next ") && is_exception(line.substr(5)));
}

/// "main.(*Server).handle(0xc000, …)": a Go frame, whose file is on the next line.
bool is_go_frame(std::string_view line) {
    return line.starts_with("created by ") ||
           (line.ends_with(')') && line.find('.') < line.find(' ') &&
            line.find('(') != std::string_view::npos);
}

constexpr std::string_view kOpenings[] = {
    "Caused by: ",          "Suppressed: ",         "Stack trace:", "[stacktrace]",
    "[previous exception]", "Exception in thread ", "thrown in "};
constexpr std::string_view kPython[] = {
    "Traceback (most recent call last):", "During handling of the above exception, ",
    "The above exception was the direct cause "};
constexpr std::string_view kGo[] = {"goroutine ", "runtime stack:"};

bool begins_with_one_of(std::string_view line, const auto& signs) {
    return std::ranges::any_of(signs, [&](auto sign) { return line.starts_with(sign); });
}

bool is_indented(std::string_view line) { return line[0] == ' ' || line[0] == '\t'; }

}  // namespace

/// The trace the record is in once `line` is taken into it; none when `line` is not part of one.
StackTraceLines::Trace StackTraceLines::trace_after(std::string_view line) const {
    if (begins_with_one_of(line, kPython)) return Trace::python;
    if (begins_with_one_of(line, kGo) && line.back() == ':') return Trace::go;
    if (is_indented(line)) return trace_ == Trace::none ? Trace::plain : trace_;
    if (is_php_frame(line) || is_qualified_exception(line)) return Trace::plain;
    if (begins_with_one_of(line, kOpenings)) return Trace::plain;
    switch (trace_) {
        case Trace::none:
            return Trace::none;
        case Trace::python:  // after its exception a Python trace is over
            return is_exception(line) ? Trace::plain : Trace::none;
        case Trace::go:
            return is_go_frame(line) || line.starts_with("[signal ") ? Trace::go : Trace::none;
        case Trace::plain:
            return is_php_ending(line) ? Trace::plain : Trace::none;
    }
    return Trace::none;
}

Fit StackTraceLines::fit(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return trace_ == Trace::none ? Fit::alone : Fit::continues;
    trace_ = trace_after(line);
    if (trace_ != Trace::none) return Fit::continues;
    // Go says "panic: …" and an empty line before the goroutine.
    if (line.starts_with("panic: ") || line.starts_with("fatal error: ")) trace_ = Trace::go;
    return Fit::begins;
}

}  // namespace kentongan::log
