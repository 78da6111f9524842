#pragma once
// Which kind of file a path names, as far as tampering goes. Pure.
#include <string_view>

namespace kentongan::integrity {

enum class FileClass {
    preload,      ///< H07: ld.so.preload, PAM, nsswitch
    ssh_keys,     ///< H06: authorized_keys
    persistence,  ///< H05: cron, at, systemd units, start-up scripts
    config,       ///< H03: settings that decide who gets in
    binary,       ///< H01: programs and libraries
    other,
};

/// By the end of the path, so that a container's or a chroot's tree is recognised as well.
[[nodiscard]] FileClass class_of(std::string_view path);

/// A file that a web server runs, or sends to browsers as a page or script.
[[nodiscard]] bool is_page(std::string_view path);

}  // namespace kentongan::integrity
