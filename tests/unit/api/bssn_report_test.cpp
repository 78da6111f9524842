// The report of BSSN 1/2024 art. 15 and the draft for the public, against golden files
// (KENTONGAN_REFRESH=1 writes them anew).
#include "daemon/api/bssn_report.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "daemon/base/file.hpp"
#include "tests/support/project.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Timestamp at(const char* time) { return *parse_rfc3339(time); }

api::ReportFacts some_facts() {
    api::ReportFacts out;
    out.record = {.id = "K01JDPY1VY0ABCDEFGHJKMNPQRS",
                  .title = "Unggahan <tak wajar> & berulang",
                  .severity = Severity::high,
                  .owner = "sari",
                  .tlp = Tlp::amber_strict,
                  .breach = true,
                  .discovered = at("2024-11-27T06:00:00Z"),
                  .opened = at("2024-11-27T06:05:00Z"),
                  .description = "Berkas pada server unggah berubah di luar jadwal.",
                  .impact = "Unggahan dari dua kecamatan tertunda 40 menit."};
    out.reporter = {"KPU Kabupaten Contoh", "Sari", "Ketua TTIS", "ttis@example.id", "+62 21 000"};
    out.timeline = {{at("2024-11-27T05:58:12Z"), "alert", "", "Web shell: /upload/a.php", "01J1"},
                    {at("2024-11-27T06:05:00Z"), "case", "sari", "open_case: Unggahan", ""},
                    {at("2024-11-27T06:06:00Z"), "act", "budi", "ack (new → acknowledged)", "01J1"},
                    {at("2024-11-27T06:07:00Z"), "notification", "",
                     "alert.created delivered to bssn", "01J1"}};
    out.alerts = 1;
    out.rules = {"Web shell"};
    out.now = at("2024-11-27T09:30:00Z");
    return out;
}

void expect_golden(const std::string& name, const std::string& text) {
    const std::string path = (project_root() / "tests/golden/bssn" / name).string();
    if (std::getenv("KENTONGAN_REFRESH") != nullptr) {
        ASSERT_TRUE(write_file(path, text)) << path;
        return;
    }
    const auto expected = read_file(path);
    ASSERT_TRUE(expected) << expected.error().message;
    EXPECT_EQ(*expected, text) << name;
}

TEST(BssnReport, IsAsItsGoldenFiles) {
    expect_golden("report.html", api::report_html(some_facts()));
    expect_golden("report.txt", api::report_text(some_facts()));
    expect_golden("statement.txt", api::public_statement(some_facts()));
}

TEST(BssnReport, SaysWhatIsMissingInsteadOfLeavingItOut) {
    api::ReportFacts facts = some_facts();
    facts.reporter = {};
    facts.record.impact.clear();
    const std::string text = api::report_text(facts);
    EXPECT_THAT(text, HasSubstr("Nama: [BELUM DIISI: pengaturan [triage]]"));
    EXPECT_THAT(text, HasSubstr("[BELUM DIISI: dampak kasus]"));
}

TEST(BssnReport, MarkupOfOthersStaysText) {
    api::ReportFacts facts = some_facts();
    facts.record.description = "<script>alert(1)</script>";
    facts.timeline[0].text = "\"><img src=x>";
    const std::string html = api::report_html(facts);
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("<img")));
    EXPECT_THAT(html, Not(HasSubstr("http")));
}

TEST(BssnReport, TheClocksRunFromDiscovery) {
    CaseRecord record = some_facts().record;
    const auto both = api::clocks_of(record);
    ASSERT_EQ(both.size(), 2u);
    EXPECT_EQ(both[0].due, at("2024-11-28T06:00:00Z"));
    EXPECT_EQ(both[1].due, at("2024-11-30T06:00:00Z"));
    record.breach = false;
    EXPECT_EQ(api::clocks_of(record).size(), 1u);
}

TEST(BssnReport, ALateReportIsCalledLateAndAMissedOneMissed) {
    api::ReportFacts facts = some_facts();
    facts.record.breach = false;
    EXPECT_THAT(api::report_text(facts), HasSubstr("tersisa 20 jam 30 menit"));
    facts.now = at("2024-11-28T08:00:00Z");
    EXPECT_THAT(api::report_text(facts), HasSubstr("batas waktu terlewati 2 jam 0 menit"));
    facts.record.reported = at("2024-11-28T07:00:00Z");
    EXPECT_THAT(api::report_text(facts), HasSubstr("setelah batas waktu"));
}

TEST(PublicStatement, NamesNoCauseNoPersonAndNoAddress) {
    const std::string text = api::public_statement(some_facts());
    EXPECT_THAT(text, HasSubstr("TLP:CLEAR\nDRAFT"));
    for (const char* word : {"Web shell", "sari", "budi", "ttis@", "fraud", "kecurangan", "upload"})
        EXPECT_THAT(text, Not(HasSubstr(word)));
}

}  // namespace
}  // namespace kentongan
