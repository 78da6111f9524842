#pragma once
// Expected failures: a code that maps to a process exit status, and a message that names the
// operation, the object and, where there is one, the remedy.
#include <fmt/format.h>

#include <expected>
#include <string>
#include <utility>

namespace kentongan {

/// The values are the exit statuses of the two programs (BSD sysexits; see the contract in
/// README.md).
enum class ErrorCode : int {
    usage = 64,        ///< wrong call
    data = 65,         ///< bad content: a rule, a format
    no_input = 66,     ///< an input that cannot be opened
    unavailable = 69,  ///< a service that does not answer, a port in use
    internal = 70,     ///< a broken invariant of ours
    io = 74,           ///< a failing disk, a full file system
    temporary = 75,    ///< worth another try
    permission = 77,   ///< not allowed
    config = 78,       ///< wrong settings
};

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;

    [[nodiscard]] int exit_status() const { return static_cast<int>(code); }
    /// The same error, told from further out: "context: message".
    [[nodiscard]] Error within(std::string_view context) const {
        return {code, fmt::format("{}: {}", context, message)};
    }
};

template <class T = void>
using Result = std::expected<T, Error>;

/// `return fail(ErrorCode::io, "write {}: {}", path, reason);`
template <class... Args>
[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format,
                                          Args&&... args) {
    return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

/// "open /var/lib/x: No such file or directory" with the code that fits errno: no_input for a
/// missing file, permission, io for the rest.
[[nodiscard]] std::unexpected<Error> fail_errno(std::string_view operation, std::string_view object,
                                                int errno_value);

}  // namespace kentongan
