// auth.log of a result server: administrators at work, and one source that guesses passwords.
#include <array>

#include "daemon/drill/generate/night.hpp"

namespace kentongan::generate {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 5> kAdministrators{"ratna", "dewi", "agus", "yusuf", "sri"};
constexpr std::array<std::string_view, 12> kGuessed{"root",   "admin", "sirekap", "postgres",
                                                    "oracle", "test",  "kpu",     "ubuntu",
                                                    "deploy", "nginx", "git",     "operator"};
constexpr std::string_view kGuesser = "203.0.113.66";

class AuthLog {
  public:
    explicit AuthLog(const Night& night) : night_(night), random_(night.seed ^ 0xA071) {}

    std::vector<Line> make() {
        const int sessions = std::max(4, static_cast<int>(60 * night_.scale));
        for (int i = 0; i < sessions; ++i)
            ordinary_session(night_.begin + minutes{random_.between(0, 1380)});
        if (night_.attacked) guessing(minutes{95});
        return in_order(std::move(lines_));
    }

  private:
    void say(Timestamp time, std::string_view process, const std::string& text) {
        lines_.push_back(
            {time, fmt::format("{} hasil-01 {}[{}]: {}", local_time(time, "{:%b %e %H:%M:%S}"),
                               process, 1000 + random_.below(30000), text)});
    }

    void ordinary_session(Duration at) {
        const auto user = random_.pick(kAdministrators);
        const auto ip = fmt::format("10.20.0.{}", random_.between(10, 40));
        const auto port = random_.between(32768, 60999);
        Timestamp time = place(night_, at);
        if (random_.chance(0.2)) {
            say(time, "sshd",
                fmt::format("Failed password for {} from {} port {} ssh2", user, ip, port));
            time += seconds{4};
        }
        say(time, "sshd",
            fmt::format("Accepted publickey for {} from {} port {} ssh2: ED25519 SHA256:{}", user,
                        ip, port, random_.hex(43)));
        say(time, "sshd",
            fmt::format("pam_unix(sshd:session): session opened for user {}(uid=1001) by (uid=0)",
                        user));
        if (random_.chance(0.5))
            lines_.push_back(
                {time + seconds{20},
                 fmt::format("{} hasil-01 sudo: {:>8} : TTY=pts/0 ; PWD=/home/{} ; USER=root ; "
                             "COMMAND=/usr/bin/systemctl status nginx",
                             local_time(time + seconds{20}, "{:%b %e %H:%M:%S}"), user, user)});
        say(place(night_, at + minutes{random_.between(2, 30)}), "sshd",
            fmt::format("pam_unix(sshd:session): session closed for user {}", user));
    }

    /// Sixty attempts in about half a minute, then one that is accepted.
    void guessing(Duration at) {
        Timestamp time = place(night_, at);
        for (int i = 0; i < 60; ++i) {
            const auto user = random_.pick(kGuessed);
            const bool unknown = user != "root" && user != "postgres" && user != "nginx";
            say(time, "sshd",
                fmt::format("Failed password for {}{} from {} port {} ssh2",
                            unknown ? "invalid user " : "", user, kGuesser,
                            random_.between(32768, 60999)));
            time += std::chrono::milliseconds{random_.between(300, 700)};
        }
        say(time, "sshd",
            fmt::format("Accepted password for root from {} port 50122 ssh2", kGuesser));
    }

    const Night& night_;
    Random random_;
    std::vector<Line> lines_;
};

}  // namespace

std::vector<Line> auth_log(const Night& night) { return AuthLog{night}.make(); }

}  // namespace kentongan::generate
