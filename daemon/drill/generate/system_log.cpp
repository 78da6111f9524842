// syslog of a result server on an ordinary night: what its programs say, and every tenth line of
// auth.log's administrators. No attack of its own beside that of auth.log.
#include <algorithm>
#include <array>

#include "daemon/drill/generate/night.hpp"
#include "daemon/drill/generate/random.hpp"

namespace kentongan::generate {

namespace {

/// `{}` is a number: of a process, a session, a request.
constexpr std::array<std::string_view, 12> kMessages{
    "systemd[1]: Started session-{}.scope - Session of User ratna.",
    "systemd[1]: Starting apt-daily.service - Daily apt download activities...",
    "systemd[1]: logrotate.service: Deactivated successfully.",
    "CRON[{}]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)",
    "kernel: [{}.102030] eth0: Link is Up - 10Gbps/Full - flow control rx/tx",
    "dhclient[{}]: DHCPACK of 10.20.0.5 from 10.20.0.1",
    "sirekap-api[{}]: POST /kpps/pkwkp/formc-image/upload 200 in 31 ms",
    "nginx[{}]: 2024/11/27 20:15:02 [notice] 812#812: signal process started",
    "postfix/smtpd[{}]: disconnect from localhost[127.0.0.1] ehlo=1 quit=1 commands=2",
    "systemd-logind[{}]: Removed session 55.",
    "rsyslogd[{}]: action 'action-3-builtin:omfwd' resumed (module 'builtin:omfwd')",
    "chronyd[{}]: Selected source 10.20.0.1"};

}  // namespace

std::vector<Line> system_log(const Night& night) {
    Random random{night.seed ^ 0x5951};
    const auto count = std::max<std::int64_t>(100, static_cast<std::int64_t>(20'000 * night.scale));
    std::vector<Line> out;
    for (std::int64_t i = 0; i < count; ++i) {
        const Timestamp time = place(night, std::chrono::seconds{random.between(0, 23 * 3600)});
        const auto message =
            fmt::format(fmt::runtime(random.pick(kMessages)), random.between(300, 32'000));
        out.push_back(
            {time, fmt::format("{} hasil-01 {}", local_time(time, "{:%b %e %H:%M:%S}"), message)});
    }
    Night administrators = night;
    administrators.scale = night.scale * 10;
    const auto logins = auth_log(administrators);
    for (std::size_t i = 0; i < logins.size() && i < static_cast<std::size_t>(count) / 9; ++i)
        out.push_back(logins[i]);
    return in_order(std::move(out));
}

}  // namespace kentongan::generate
