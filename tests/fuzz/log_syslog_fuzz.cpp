// Lines of hostile bytes through the syslog format, sshd, sudo, su and PAM included.
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::log::read_lines("syslog", data, size);
    return 0;
}
