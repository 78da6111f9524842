#include "daemon/detect/integrity/file_class.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "daemon/base/text.hpp"

namespace kentongan::integrity {

namespace {

using Names = std::span<const std::string_view>;

// "…/" names all files below such a folder, anything else the end of a path.
constexpr std::array<std::string_view, 9> kPreload{
    "/etc/ld.so.preload", "/etc/ld.so.conf", "/etc/ld.so.conf.d/", "/etc/pam.conf",
    "/etc/pam.d/",        "/etc/security/",  "/lib/security/",     "/x86_64-linux-gnu/security/",
    "/etc/nsswitch.conf"};
constexpr std::array<std::string_view, 4> kSshKeys{
    "/.ssh/authorized_keys", "/.ssh/authorized_keys2", "/etc/ssh/authorized_keys",
    "/authorized_keys.d/"};
constexpr std::array<std::string_view, 25> kPersistence{"/etc/crontab",
                                                        "/etc/anacrontab",
                                                        "/etc/cron.d/",
                                                        "/etc/cron.hourly/",
                                                        "/etc/cron.daily/",
                                                        "/etc/cron.weekly/",
                                                        "/etc/cron.monthly/",
                                                        "/var/spool/cron/",
                                                        "/var/spool/at/",
                                                        "/etc/systemd/",
                                                        "/lib/systemd/system/",
                                                        "/lib/systemd/user/",
                                                        "/lib/systemd/system-generators/",
                                                        "/.config/systemd/",
                                                        "/etc/init.d/",
                                                        "/etc/rc.local",
                                                        "/etc/profile",
                                                        "/etc/profile.d/",
                                                        "/etc/bash.bashrc",
                                                        "/etc/environment",
                                                        "/.bashrc",
                                                        "/.profile",
                                                        "/.bash_profile",
                                                        "/etc/udev/rules.d/",
                                                        "/lib/udev/rules.d/"};
constexpr std::array<std::string_view, 28> kConfig{"/etc/ssh/",
                                                   "/etc/sudoers",
                                                   "/etc/sudoers.d/",
                                                   "/etc/passwd",
                                                   "/etc/shadow",
                                                   "/etc/group",
                                                   "/etc/gshadow",
                                                   "/etc/hosts",
                                                   "/etc/resolv.conf",
                                                   "/etc/nginx/",
                                                   "/etc/apache2/",
                                                   "/etc/php/",
                                                   "/php.ini",
                                                   "/pg_hba.conf",
                                                   "/postgresql.conf",
                                                   "/etc/mysql/",
                                                   "/my.cnf",
                                                   "/etc/rsyslog.conf",
                                                   "/etc/rsyslog.d/",
                                                   "/etc/audit/",
                                                   "/etc/kentongan/",
                                                   "/etc/nftables.conf",
                                                   "/etc/iptables/",
                                                   "/etc/apt/",
                                                   "/etc/ssl/",
                                                   "/etc/ca-certificates.conf",
                                                   "/etc/logrotate.conf",
                                                   "/etc/logrotate.d/"};
constexpr std::array<std::string_view, 7> kBinary{
    "/bin/", "/sbin/", "/usr/lib/", "/usr/lib64/", "/usr/libexec/", "/usr/local/lib/", "/boot/"};
constexpr std::array<std::string_view, 26> kPages{
    "php",  "php3", "php4",  "php5",  "php7", "phtml", "phar", "inc", "jsp",
    "jspx", "asp",  "aspx",  "ashx",  "asmx", "cgi",   "pl",   "py",  "rb",
    "html", "htm",  "xhtml", "shtml", "js",   "mjs",   "svg",  "wasm"};

bool names(std::string_view path, Names patterns) {
    return std::ranges::any_of(patterns, [&](std::string_view pattern) {
        return pattern.ends_with('/') ? path.contains(pattern) : path.ends_with(pattern);
    });
}

}  // namespace

FileClass class_of(std::string_view path) {
    if (names(path, kPreload)) return FileClass::preload;
    if (names(path, kSshKeys)) return FileClass::ssh_keys;
    if (names(path, kPersistence)) return FileClass::persistence;
    if (names(path, kConfig)) return FileClass::config;
    if (names(path, kBinary) || path.starts_with("/lib/") || path.starts_with("/lib64/"))
        return FileClass::binary;
    return FileClass::other;
}

bool is_page(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    if (name == ".htaccess" || name == ".user.ini" || name == "web.config") return true;
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return false;
    const std::string extension = to_lower(name.substr(dot + 1));
    return std::ranges::find(kPages, extension) != kPages.end();
}

}  // namespace kentongan::integrity
