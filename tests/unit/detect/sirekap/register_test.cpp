#include "daemon/detect/sirekap/register.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/file.hpp"
#include "tests/support/project.hpp"

namespace kentongan::sirekap {
namespace {

constexpr std::string_view kKelurahanList =
    "kode_kel,nama_kab,nama_kec,nama_kel,jumlah_tps,tps_suffixes\n"
    "3101021003,ADM. KEP. SERIBU,KEPULAUAN SERIBU SELATAN.,PULAU PARI,5,001-005\n"
    "3171011006,\"KOTA \"\"JP\"\", PUSAT\",GAMBIR,DURI PULO,6,001-004 901-902\n"
    "3171011002,KOTA ADM. JAKARTA PUSAT,GAMBIR,CIDENG,2,001 003\r\n";

Register a_register(std::string_view csv = kKelurahanList) {
    return Register::parse(csv, "tps.csv").value();
}
std::string error_of(std::string_view csv) {
    const auto result = Register::parse(csv, "tps.csv");
    return result ? "" : result.error().message;
}

TEST(TpsCode, ReadsThirteenDigitsAndWritesThemBack) {
    for (const auto* text : {"3171011001001", "0000000000000", "9999999999999"})
        EXPECT_EQ(TpsCode::parse(text).value().to_string(), text);
    for (const auto* text : {"317101100100", "31710110010011", "3171O11001001", "", " 171011001001",
                             "-171011001001", "31AA010001001"})
        EXPECT_FALSE(TpsCode::parse(text)) << text;
}

TEST(TpsCode, OverseasCodesMayHoldLettersInTheThirdAndFourthPlace) {
    EXPECT_EQ(TpsCode::parse("99AA010001001").value().to_string(), "99AA010001001");
    EXPECT_FALSE(TpsCode::parse("99aa010001001"));
    EXPECT_FALSE(TpsCode::parse("9901A10001001"));
    EXPECT_LT(TpsCode::parse("9999999999999").value(), TpsCode::parse("99A0000000000").value());
}

TEST(TpsRegister, KnowsTheTpsOfAKelurahanList) {
    const Register list = a_register();
    EXPECT_EQ(list.size(), 13u);
    for (const auto* tps : {"3101021003001", "3101021003005", "3171011006902", "3171011002003"})
        EXPECT_TRUE(list.contains(tps)) << tps;
    for (const auto* tps :
         {"3101021003000", "3101021003006", "3171011006005", "3171011002002", "3173011006001", "x"})
        EXPECT_FALSE(list.contains(tps)) << tps;
}

TEST(TpsRegister, CountsAndNamesAreasAtEachLevel) {
    const Register list = a_register();
    EXPECT_EQ(list.area("31")->tps(), 13u);
    EXPECT_EQ(list.area("31")->name, "DKI JAKARTA");
    EXPECT_EQ(list.area("3171")->tps(), 8u);
    EXPECT_EQ(list.area("3171")->name, "KOTA \"JP\", PUSAT");
    EXPECT_EQ(list.area("317101")->tps(), 8u);
    EXPECT_EQ(list.area("317101")->name, "GAMBIR");
    EXPECT_EQ(list.area("3171011006")->tps(), 6u);
    EXPECT_EQ(list.area("3171011006")->name, "DURI PULO");
    EXPECT_EQ(list.area("3172"), nullptr);
    EXPECT_EQ(list.areas().size(), 1u + 2 + 2 + 3);
}

TEST(TpsRegister, ReadsAPlainListWithOrWithoutHeadingAndNames) {
    for (const auto* csv : {"3171011001001\n3171011001002\n", "tps\n3171011001001\n3171011001002",
                            "TPS,name\n3171011001001,TPS 001\n\n3171011001002,\"TPS, 002\"\n",
                            "\xEF\xBB\xBFtps,nama\r\n3171011001002,b\r\n3171011001001,a\r\n"}) {
        const Register list = a_register(csv);
        EXPECT_EQ(list.size(), 2u);
        EXPECT_TRUE(list.contains("3171011001002"));
        EXPECT_EQ(list.area("3171011001")->tps(), 2u);
        EXPECT_EQ(list.area("3171011001")->name, "");
    }
}

TEST(TpsRegister, ErrorsNameTheLineAndTheFault) {
    EXPECT_EQ(error_of("tps\n3171011001001\n31710110010\n"),
              "TPS register tps.csv:3: '31710110010' is not a TPS code of 13 digits");
    EXPECT_EQ(error_of("3171011001001\n3171011001002\n3171011001001\n"),
              "TPS register tps.csv:3: TPS 3171011001001 was listed before, on line 1");
    EXPECT_EQ(error_of(""), "TPS register tps.csv: no TPS in it");
    const std::string heading = "kode_kel,nama_kab,nama_kec,nama_kel,jumlah_tps,tps_suffixes\n";
    EXPECT_EQ(error_of(heading + "3171011006,A,B,C,5,001-004\n"),
              "TPS register tps.csv:2: jumlah_tps is '5' but 4 TPS are listed");
    EXPECT_EQ(error_of(heading + "3171011006,A,B,C,4,004-001\n"),
              "TPS register tps.csv:2: '004-001' is not a TPS number or range such as 001-044");
    EXPECT_EQ(error_of(heading + "3171011006,A,B,C,4,1-4\n"),
              "TPS register tps.csv:2: '1-4' is not a TPS number or range such as 001-044");
    EXPECT_EQ(error_of(heading + "317101106,A,B,C,4,001-004\n"),
              "TPS register tps.csv:2: '317101106' is not a kelurahan code of 10 digits");
    EXPECT_THAT(error_of(heading + "3171011006,A,B\n"), testing::HasSubstr("3 columns"));
}

TEST(TpsRegister, HostileTextIsAnErrorAndNothingWorse) {
    EXPECT_FALSE(Register::parse(std::string(100000, ','), "x"));
    EXPECT_FALSE(Register::parse(std::string(100000, '"'), "x"));
    EXPECT_FALSE(Register::parse(std::string_view{"tps\n\0\0\0", 7}, "x"));
}

TEST(TpsRegister, AnUnbelievableNumberOfTpsIsRefused) {
    std::string csv = "kode_kel,nama_kab,nama_kec,nama_kel,jumlah_tps,tps_suffixes\n";
    for (int kelurahan = 0; kelurahan < 2100; ++kelurahan)
        csv += fmt::format("317101{:04},A,B,C,1000,000-999\n", kelurahan);
    EXPECT_THAT(error_of(csv), testing::EndsWith("tps.csv:2002: more than 2000000 TPS"));
}

TEST(TpsRegister, ReadsJakartasRegisterOfThePilkada2024) {
    const auto path = shared_folder() / "data/sirekap/pilkada2024/dki_tps_per_kelurahan.csv";
    const auto csv = read_file(path);
    if (!csv)
        GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED (" << csv.error().message << ")";
    const auto list = Register::parse(*csv, path.filename().string());
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_EQ(list->size(), 14835u);
    const auto at_level = [&](std::size_t length) {
        return std::ranges::count_if(list->areas(),
                                     [&](const auto& area) { return area.code.size() == length; });
    };
    EXPECT_EQ(at_level(2), 1);
    EXPECT_EQ(at_level(4), 6);
    EXPECT_EQ(at_level(6), 44);
    EXPECT_EQ(at_level(10), 267);
    // KPU's own progress totals of 28 November 2024.
    EXPECT_EQ(list->area("3101")->tps(), 41u);
    EXPECT_EQ(list->area("3171")->tps(), 1542u);
    EXPECT_EQ(list->area("3172")->tps(), 2386u);
    EXPECT_EQ(list->area("3173")->tps(), 3452u);
    EXPECT_EQ(list->area("3174")->tps(), 3270u);
    EXPECT_EQ(list->area("3175")->tps(), 4144u);
    EXPECT_EQ(list->area("317101")->name, "GAMBIR");
    const auto special = [&] {
        int count = 0;
        for (const auto& area : list->areas())
            for (int number = 900; area.code.size() == 10 && number < 1000; ++number)
                count += list->contains(fmt::format("{}{}", area.code, number)) ? 1 : 0;
        return count;
    };
    EXPECT_EQ(special(), 31);
}

}  // namespace
}  // namespace kentongan::sirekap
