#include "daemon/drill/log_lines.hpp"

#include <gtest/gtest.h>

#include "collectors/log/format.hpp"
#include "daemon/drill/generate/jakarta.hpp"

namespace kentongan::drill {
namespace {

const Timestamp kTime = generate::close_of_polls() + std::chrono::hours{3};

/// The event that the daemon's own reader makes of a record.
Event read(std::string_view format, std::string_view text) {
    const auto reader = log::make_format(format).value();
    log::ParseContext context;
    context.reference = kTime;
    Event out;
    EXPECT_EQ(log::read_line(*reader, text, context, out), log::ParseResult::parsed) << text;
    return out;
}

TEST(DrillLines, AreReadByTheFormatsTheyAreOf) {
    const Event call = read("sirekap", app_line(kTime, {.event = "rekap.edit",
                                                        .account = "ppk.317101",
                                                        .route = "/recap/pkwkp/edit",
                                                        .tps = "3171011001001",
                                                        .more = R"("role":"ppk")"}));
    EXPECT_EQ(call.time, kTime);
    EXPECT_EQ(call.text(Field::event_action), "rekap.edit");
    EXPECT_EQ(call.text(Field::sirekap_tps), "3171011001001");

    const Event request =
        read("nginx", web_line(kTime, {.ip = "198.51.100.41", .uri = "/a?b=1", .status = 500}));
    EXPECT_EQ(request.time, kTime);
    EXPECT_EQ(request.text(Field::url_query), "b=1");

    const Event login = read("syslog", syslog_line(kTime, "sshd",
                                                   "Failed password for root from 203.0.113.71 "
                                                   "port 40000 ssh2"));
    EXPECT_EQ(login.kind, EventKind::auth);

    const Event statement =
        read("postgresql", database_line(kTime,
                                         {"yusuf", "10.20.0.17", "psql", "WRITE", "UPDATE",
                                          "public.hasil_tps", "UPDATE hasil_tps SET a = 'x\"y'"},
                                         71));
    EXPECT_EQ(statement.text(Field::db_object), "public.hasil_tps");

    const Event alert = read("eve", suricata_line(kTime, "10.20.0.21", "203.0.113.73", 2'850'001,
                                                  "ET MALWARE Beacon", 1));
    EXPECT_EQ(alert.kind, EventKind::notice);
}

TEST(DrillLines, AProgramThatWasStartedIsOneProcess) {
    const auto reader = log::make_format("audit").value();
    log::ParseContext context;
    Event event;
    const auto text = audit_lines(
        kTime, 77,
        {.exe = "/usr/bin/truncate", .arguments = {"truncate", "-s", "0", "/var/log/a"}});
    ASSERT_EQ(log::read_line(*reader, text, context, event), log::ParseResult::parsed);
    bool started = false;
    while (log::read_another(*reader, context, event))
        started = started || event.logsource.category == "process_creation";
    EXPECT_TRUE(started);
}

}  // namespace
}  // namespace kentongan::drill
