#include "daemon/base/error.hpp"

#include <cerrno>
#include <system_error>

namespace kentongan {

namespace {
ErrorCode code_of(int errno_value) {
    switch (errno_value) {
        case ENOENT:
        case ENOTDIR:
        case ENODEV:
        case ENXIO:
            return ErrorCode::no_input;
        case EACCES:
        case EPERM:
            return ErrorCode::permission;
        case EADDRINUSE:
        case ECONNREFUSED:
            return ErrorCode::unavailable;
        default:
            return ErrorCode::io;
    }
}
}  // namespace

std::unexpected<Error> fail_errno(std::string_view operation, std::string_view object,
                                  int errno_value) {
    return fail(code_of(errno_value), "{} {}: {}", operation, object,
                std::generic_category().message(errno_value));
}

}  // namespace kentongan
