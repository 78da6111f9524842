#include "daemon/detect/sirekap/image_address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/upload_detector.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/project.hpp"

namespace kentongan::sirekap {
namespace {

constexpr std::string_view kReal =
    "https://sirekap-obj-formc.kpu.go.id/11eb/pemilu/ppwp/31/73/01/10/06/"
    "3173011006272-20240214-193505--63ec3c57-d3fc-472f-b04b-9cafe69974c1.jpg";

std::string with(std::string_view from, std::string_view to) {
    std::string out(kReal);
    out.replace(out.find(from), from.size(), to);
    return out;
}
AddressFault fault_of(std::string_view address) { return parse_image_address(address)->fault; }

TEST(ImageAddress, SaysWhichTpsWhichRaceAndWhen) {
    const auto address = parse_image_address(kReal);
    ASSERT_TRUE(address);
    EXPECT_EQ(address->tps.to_string(), "3173011006272");
    EXPECT_EQ(address->race, "ppwp");
    EXPECT_EQ(to_rfc3339(address->stamp, 0), "2024-02-14T12:35:05Z");
    EXPECT_EQ(address->uuid.first & 0xFF, 0x63u);
    EXPECT_EQ(address->uuid.second >> 56, 0xc1u);
    EXPECT_EQ(address->fault, AddressFault::none);
}

TEST(ImageAddress, MayBeAPathAPreSignedUrlOrANameAlone) {
    EXPECT_EQ(fault_of(kReal.substr(kReal.find("/11eb"))), AddressFault::none);
    EXPECT_EQ(fault_of(std::string(kReal) + "?X-Amz-Signature=0011"), AddressFault::none);
    EXPECT_EQ(fault_of(kReal.substr(kReal.rfind('/') + 1)), AddressFault::none);
    EXPECT_EQ(fault_of("/bucket" + std::string(kReal.substr(kReal.find("/11eb")))),
              AddressFault::none);
}

TEST(ImageAddress, NamesWhatIsWrong) {
    EXPECT_EQ(fault_of(with("/11eb/", "/11ec/")), AddressFault::prefix);
    EXPECT_EQ(fault_of(with("/10/06/", "/10/07/")), AddressFault::folders);
    EXPECT_EQ(fault_of(with("20240214", "20240230")), AddressFault::stamp);
    EXPECT_EQ(fault_of(with("-193505", "-246060")), AddressFault::stamp);
    EXPECT_EQ(fault_of(with("-472f-", "-172f-")), AddressFault::uuid);
    EXPECT_EQ(fault_of(with("-b04b-", "-704b-")), AddressFault::uuid);
    EXPECT_EQ(fault_of(with("--63ec3c57", "--63ec3c5")), AddressFault::uuid);
    EXPECT_EQ(fault_of("3173011006272-x.jpg"), AddressFault::stamp);
}

TEST(ImageAddress, IsNothingElse) {
    for (const auto* text :
         {"", "/", "3173011006272", "3173011006272.jpg", "/css/app.css", "/3173011006272-x.php",
          "317301100627-20240214-193505--63ec3c57-d3fc-472f-b04b-9cafe69974c1.jpg",
          "/3173011006272-20240214/"})
        EXPECT_FALSE(parse_image_address(text)) << text;
    EXPECT_FALSE(parse_image_address(std::string(5000, '/') + std::string(kReal)));
}

TEST(ImageAddress, HoldsForTheRealOnes) {
    const auto lines = read_file(shared_folder() / "data/sirekap/pemilu2024/tps_317301_3101.jsonl");
    if (!lines) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
    std::size_t count = 0;
    std::string_view rest = *lines;
    while (!rest.empty()) {
        const auto line = boost::json::parse(take_until(rest, '\n'));
        for (const auto& image : line.at("body").at("images").as_array()) {
            if (!image.is_string()) continue;
            ++count;
            const auto address = parse_image_address(std::string(image.as_string()));
            ASSERT_TRUE(address) << image;
            EXPECT_EQ(address->fault, AddressFault::none) << image;
            EXPECT_EQ(address->tps.to_string(), line.at("kode").as_string());
        }
    }
    EXPECT_GT(count, 500u);
}

struct Addresses : testing::Test {
    Addresses() : detector(coverage, {Election::named("pemilu2024").value()}) {}
    std::vector<Finding> of(std::string_view rule) const {
        std::vector<Finding> out;
        for (const Finding& finding : findings.all)
            if (finding.rule->id == rule) out.push_back(finding);
        return out;
    }
    void publish(std::string_view url) {
        detector.inspect(an_event()
                             .of(EventKind::published)
                             .at("2024-02-15T00:00:00Z")
                             .in("published", 1)
                             .with(Field::sirekap_node, "3173011006272")
                             .with("sirekap.image_url", url)
                             .build(),
                         findings);
    }
    EventBuilder a_request(std::string_view method, std::int64_t status) {
        return an_event()
            .of(EventKind::web)
            .at("2024-02-14T12:36:00Z")
            .in("access.log", 1)
            .with(Field::http_request_method, method)
            .with(Field::http_response_status_code, status)
            .with(Field::url_path, kReal.substr(kReal.find("/11eb")));
    }
    std::shared_ptr<Coverage> coverage = std::make_shared<Coverage>(
        std::make_shared<const Register>(Register::parse("3173011006272\n", "x").value()));
    UploadDetector detector;
    RecordingFindings findings;
};

TEST_F(Addresses, OfAPutThatWasAnsweredCountAsAnUpload) {
    for (const auto& [method, status] :
         std::vector<std::pair<std::string_view, std::int64_t>>{{"GET", 200}, {"PUT", 403}}) {
        const Event event = a_request(method, status).build();
        EXPECT_EQ(detector.picks(event), method == "PUT");
        detector.inspect(event, findings);
        EXPECT_EQ(coverage->of("31")->received, 0u);
    }
    const Event event = a_request("PUT", 200).build();
    EXPECT_TRUE(detector.picks(event));
    detector.inspect(event, findings);
    EXPECT_EQ(coverage->of("31")->received, 1u);
}

TEST_F(Addresses, PublishedCountByTheirOwnStampAndPage) {
    EventBuilder published = an_event();
    published.of(EventKind::published).at("2024-02-15T00:00:00Z").in("published", 1);
    published.with("sirekap.image_url", kReal);
    published.with("sirekap.image_url", std::string(with("193505--63ec", "193538--63ed")));
    published.with("sirekap.image_url", std::string(with("193505--63ec", "193615--63ee")));
    detector.inspect(published.build(), findings);
    EXPECT_EQ(coverage->of("31")->complete, 1u);
    EXPECT_EQ(coverage->received_by(Coverage::kWhole, *parse_rfc3339("2024-02-14T12:35:05Z")), 1u);
    EXPECT_EQ(coverage->received_by(Coverage::kWhole, *parse_rfc3339("2024-02-14T12:35:04Z")), 0u);
    EXPECT_TRUE(of("sirekap:image-address").empty());
    EXPECT_TRUE(of("sirekap:image-uuid").empty());
}

TEST_F(Addresses, ThatAreBrokenAreToldOneByOneThenByShare) {
    publish(kReal);
    publish(with("/11eb/", "/11ec/"));
    ASSERT_EQ(of("sirekap:image-address").size(), 1u);
    EXPECT_EQ(of("sirekap:image-address")[0].message,
              "Inconsistency in Sirekap data: the address of a photograph of TPS 3173011006272 has "
              "a prefix that is not its TPS's");
    for (int i = 0; i < 100; ++i) publish(with("/11eb/", "/11ec/"));
    const auto told = of("sirekap:image-address");
    EXPECT_EQ(told.size(), 20u);
    EXPECT_THAT(told.back().message, testing::HasSubstr("20 of 21 addresses"));
    EXPECT_THAT(told.back().entity, testing::HasSubstr("prefix"));
}

TEST_F(Addresses, WithTheUuidOfAnotherPhotographAreTold) {
    for (int i = 0; i < 3; ++i) publish(kReal);
    EXPECT_TRUE(of("sirekap:image-uuid").empty());
    publish(with("193505", "193506"));
    ASSERT_EQ(of("sirekap:image-uuid").size(), 1u);
    EXPECT_EQ(of("sirekap:image-uuid")[0].severity.value_or(Severity::medium), Severity::medium);
}

}  // namespace
}  // namespace kentongan::sirekap
