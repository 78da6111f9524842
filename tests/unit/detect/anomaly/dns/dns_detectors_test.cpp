// The detectors of names: tunnels, generated domains, floods of random names.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "daemon/detect/anomaly/dns/dga_detector.hpp"
#include "daemon/detect/anomaly/dns/dns_tunnel_detector.hpp"
#include "daemon/detect/anomaly/dns/domain_name.hpp"
#include "daemon/detect/anomaly/dns/water_torture_detector.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
const Timestamp kStart = *parse_rfc3339("2024-11-27T06:00:00Z");

std::string letters(std::mt19937& random, std::size_t length,
                    std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz") {
    std::string out;
    for (std::size_t i = 0; i < length; ++i) out += alphabet[random() % alphabet.size()];
    return out;
}

TEST(DomainName, IsCutByThePublicSuffixList) {
    EXPECT_EQ(domain_name("WWW.Sirekap.KPU.go.id.").registrable, "kpu.go.id");
    EXPECT_EQ(domain_name("WWW.Sirekap.KPU.go.id.").subdomain, "www.sirekap");
    EXPECT_EQ(domain_name("a.b.tokopedia.co.id").registrable, "tokopedia.co.id");
    EXPECT_EQ(domain_name("example.com").subdomain, "");
    EXPECT_EQ(domain_name("go.id").registrable, "");
    EXPECT_EQ(domain_name("wpad").registrable, "");
    EXPECT_EQ(domain_name(std::string(300, 'a') + ".com").registrable, "");
}

class DnsTest : public testing::Test {
  protected:
    explicit DnsTest(AnomalyOptions options = {})
        : tunnel_(options), dga_(options), torture_(options) {}
    void ask(std::string_view name, std::string_view code = "NOERROR",
             std::string_view from = "10.20.0.5", Duration step = milliseconds{500}) {
        now_ += step;
        const Event event = an_event()
                                .of(EventKind::dns)
                                .at(now_)
                                .in("dns.log", ++position_)
                                .with(Field::source_ip, IpAddress::parse(from).value())
                                .with(Field::dns_question_name, name)
                                .with(Field::dns_response_code, code)
                                .build();
        for (Detector* each : std::initializer_list<Detector*>{&tunnel_, &dga_, &torture_}) {
            each->advance(now_, findings_);
            each->inspect(event, findings_);
        }
    }
    std::vector<std::string> told() const {
        std::vector<std::string> out;
        for (const Finding& finding : findings_.all) out.push_back(finding.rule->id);
        return out;
    }

    DnsTunnelDetector tunnel_;
    DgaDetector dga_;
    WaterTortureDetector torture_;
    RecordingFindings findings_;
    Timestamp now_ = kStart;
    std::uint64_t position_ = 0;
    std::mt19937 random_{7};
};

TEST_F(DnsTest, FifteenLongNamesBelowOneDomainAreATunnel) {
    for (int i = 0; i < 14; ++i) ask(letters(random_, 50) + ".t.example.com");
    EXPECT_THAT(told(), testing::IsEmpty());
    ask(letters(random_, 50) + ".t.example.com");
    ASSERT_THAT(told(), testing::ElementsAre("anomaly:dns-tunnel"));
    EXPECT_EQ(findings_.all[0].entity, "10.20.0.5 example.com");
}

TEST_F(DnsTest, ManyShortNamesOrOneRepeatedAreNoTunnel) {
    for (int i = 0; i < 100; ++i) ask(fmt::format("img{}.cdn.example.com", i % 20));
    const std::string one = letters(random_, 60) + ".example.net";
    for (int i = 0; i < 100; ++i) ask(one);
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(DnsTest, ReverseLookupsAndOurOwnDomainAreNoTunnel) {
    for (int i = 0; i < 250; ++i) ask(fmt::format("{}.{}.168.192.in-addr.arpa", i, i));
    for (int i = 0; i < 60; ++i) ask(letters(random_, 40) + ".kpu.go.id");
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(DnsTest, LongNamesSpreadOverMoreThanAMinuteAreNoTunnel) {
    for (int i = 0; i < 60; ++i)
        ask(letters(random_, 50) + ".t.example.com", "NOERROR", "10.20.0.5", seconds{5});
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(DnsTest, TenGeneratedDomainsThatDoNotExistAreTold) {
    for (int i = 0; i < 10; ++i) ask(letters(random_, 12 + random_() % 4) + ".com", "NXDOMAIN");
    ASSERT_THAT(told(), testing::ElementsAre("anomaly:dga"));
    EXPECT_THAT(findings_.all[0].message, testing::HasSubstr("random letters"));
}

TEST_F(DnsTest, BrowserProbesTyposAndSearchSuffixesAreNotGenerated) {
    for (int i = 0; i < 3; ++i) ask(letters(random_, 10), "NXDOMAIN");
    for (int i = 0; i < 80; ++i)
        ask(letters(random_, 8) + ".kantor.example.co.id", "NXDOMAIN", "10.20.0.5", seconds{3});
    for (const char* typo :
         {"gogle.com", "tokopdia.com", "facebok.com", "detikk.com", "kompsa.com", "shoope.co.id",
          "bukalapk.com", "tribunews.com", "youtbe.com", "instagrm.com", "whatsap.com",
          "wikipdia.org", "tempoo.co", "merdka.com", "kumparn.com", "netflx.com"})
        ask(typo, "NXDOMAIN");
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(DnsTest, WordsFromAListAreFoundByTheirNumber) {
    const auto words = word_list();
    for (int i = 0; i < 60; ++i)
        ask(fmt::format("{}{}.net", words[random_() % words.size()],
                        words[random_() % words.size()]),
            "NXDOMAIN");
    EXPECT_THAT(told(), testing::Contains("anomaly:dga"));
    EXPECT_THAT(findings_.all[0].message, testing::HasSubstr("like words"));
}

TEST_F(DnsTest, AResolverThatMostlyFindsWhatItAsksForIsSilent) {
    const auto words = word_list();
    for (int i = 0; i < 600; ++i)
        ask(fmt::format("{}{}.net", words[random_() % words.size()],
                        words[random_() % words.size()]),
            i % 8 == 0 ? "NXDOMAIN" : "NOERROR");
    EXPECT_THAT(told(), testing::IsEmpty());
}

// What README states: means of ten, of names the model never saw.
TEST(TrigramModel, TellsGeneratedNamesFromNamesOfSites) {
    const TrigramModel& model = TrigramModel::built_in();
    constexpr std::string_view kSites[] = {
        "google",    "youtube",   "facebook", "instagram",  "whatsapp", "wikipedia", "tokopedia",
        "bukalapak", "traveloka", "kompas",   "tribunnews", "kumparan", "liputan6",  "okezone",
        "republika", "telkomsel", "indihome", "microsoft",  "github",   "netflix",   "spotify"};
    std::mt19937 random{1};
    const auto mean_of_ten = [&](auto&& name) {
        double sum = 0;
        for (int i = 0; i < 10; ++i) sum += model.score(name()) / 10;
        return sum;
    };
    int found = 0;
    int wrong = 0;
    for (int i = 0; i < 1000; ++i) {
        found += mean_of_ten([&] { return letters(random, 8 + random() % 8); }) <
                 DgaDetector::kThreshold;
        wrong += mean_of_ten([&] { return std::string(kSites[random() % std::size(kSites)]); }) <
                 DgaDetector::kThreshold;
    }
    EXPECT_GE(found, 995);
    EXPECT_EQ(wrong, 0);
}

TEST_F(DnsTest, RandomNamesBelowOurDomainThroughManyResolversAreWaterTorture) {
    for (int i = 0; i < 1500; ++i)
        ask(letters(random_, 12) + ".kpu.go.id", "NXDOMAIN", fmt::format("203.0.113.{}", i % 250),
            milliseconds{5});
    torture_.end_of_input(findings_);
    EXPECT_THAT(told(), testing::ElementsAre("anomaly:dns-water-torture"));
}

TEST_F(DnsTest, ManyWhoMistypeOurNameAreNot) {
    for (int i = 0; i < 3000; ++i)
        ask(i % 3 == 0 ? "infopemillu.kpu.go.id" : "infopemilu.kpu.go.id",
            i % 3 == 0 ? "NXDOMAIN" : "NOERROR", fmt::format("203.0.113.{}", i % 250),
            milliseconds{5});
    torture_.end_of_input(findings_);
    EXPECT_THAT(told(), testing::IsEmpty());
}

AnomalyOptions a_small_table() {
    AnomalyOptions out;
    out.table_entries = 100;
    return out;
}
class SmallDnsTest : public DnsTest {
  protected:
    SmallDnsTest() : DnsTest(a_small_table()) {}
};
TEST_F(SmallDnsTest, InventedDomainsAndSourcesAreBoundedAndCounted) {
    for (int i = 0; i < 1000; ++i)
        ask(fmt::format("a.d{}.com", i), "NXDOMAIN", fmt::format("10.1.{}.{}", i / 250, i % 250),
            milliseconds{1});
    EXPECT_EQ(tunnel_.entries(), 100u);
    EXPECT_EQ(tunnel_.evicted(), 900u);
    EXPECT_EQ(dga_.entries(), 100u);
    EXPECT_EQ(dga_.evicted(), 900u);
}

}  // namespace
}  // namespace kentongan::anomaly
