// The journal of citizens' reports as a log.
#include <gtest/gtest.h>

#include "collectors/report/journal.hpp"
#include "collectors/report/report.hpp"
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

report::Report a_report() {
    report::Report out;
    out.received = parse_rfc3339("2024-11-27T10:00:00.25Z").value();
    out.ticket = "KT-7Q2M-9XKD";
    out.category = "form_missing";
    out.language = report::Language::english;
    out.sender = "5f0c";
    out.area = "317101";
    out.text = "The board was empty";
    return out;
}

TEST(ReportsFormat, ALineIsTheEventThatTheIntakeEmitted) {
    std::string line = report::report_line(12, "c0ffee", report::to_json(a_report()));
    line.pop_back();
    Reader read{"reports"};
    const Event& event = read(line);
    EXPECT_EQ(event.kind, EventKind::report);
    EXPECT_EQ(event.logsource.product, "report");
    EXPECT_EQ(to_rfc3339(event.time), "2024-11-27T10:00:00.250Z");
    EXPECT_EQ(event.raw(), line);
    EXPECT_EQ(said(event, "report.id"), "KT-7Q2M-9XKD");
    EXPECT_EQ(said(event, "report.category"), "form_missing");
    EXPECT_EQ(said(event, "report.language"), "en");
    EXPECT_EQ(said(event, "report.sender"), "5f0c");
    EXPECT_EQ(said(event, "sirekap.area"), "317101");
    EXPECT_EQ(said(event, "message"), "The board was empty");
}

}  // namespace
}  // namespace kentongan::log
