#include "collectors/report/mask.hpp"

#include <gtest/gtest.h>

#include <array>

namespace kentongan::report {
namespace {

struct Case {
    std::string_view text;
    std::string_view masked;
};

TEST(Masking, TakesPersonalNumbersAndAddressesOut) {
    for (const auto& [text, masked] : std::array{
             // NIK and NKK: in one piece, in groups, of men and women
             Case{"NIK saya 3171014501900001.", "NIK saya [NIK]."},
             Case{"3171014501900001", "[NIK]"},
             Case{"3171 0145 0190 0001 itu", "[NIK] itu"},
             Case{"317101.450190.0001", "[NIK]"},
             Case{"31-71-01-450190-0001", "[NIK]"},
             Case{"(3174060212850005)", "([NIK])"},
             Case{"KK 3201011201120003 dan NIK 3201016512990002", "KK [NIK] dan NIK [NIK]"},
             Case{"3171014501900001 081234567890", "[NIK] [TELEPON]"},
             // telephone numbers
             Case{"hubungi 081234567890 ya", "hubungi [TELEPON] ya"},
             Case{"0812-3456-7890", "[TELEPON]"},
             Case{"0812 3456 7890, 0813.4567.891", "[TELEPON], [TELEPON]"},
             Case{"+62 812-3456-7890", "[TELEPON]"},
             Case{"+6281234567890", "[TELEPON]"},
             Case{"6281234567890", "[TELEPON]"},
             Case{"wa.me/6281234567890", "wa.me/[TELEPON]"},
             Case{"(021) 5551234", "[TELEPON]"},
             Case{"(+62) 812 3456 7890", "[TELEPON]"},
             Case{"021-5551234", "[TELEPON]"},
             Case{"+65 9123 4567", "[TELEPON]"},
             // mail
             Case{"kirim ke siti.aminah+tps@contoh.co.id.", "kirim ke [EMAIL]."},
             Case{"a@b.id, c@d.id", "[EMAIL], [EMAIL]"},
             Case{"081234567890@contoh.id", "[EMAIL]"},
         })
        EXPECT_EQ(mask_personal(text).text, masked) << text;
}

TEST(Masking, LeavesWhatNamesNobody) {
    for (const std::string_view text : {
             "TPS 3171011006001 kelurahan 3171011006",
             "3171.01.1006.001",
             "31 71 01 1006 001",
             "TPS 3171011006001 3171011006002",
             "TPS 6201011001001 dan 6271031002015",  // Central Kalimantan begins like +62
             "9971011001001",
             "nomor pesanan 3171019999990001",  // no such month
             "nomor pesanan 1234567890123456",  // no such day
             "kuitansi 31710145019000012",      // 17 digits
             "3171014501900000",                // serial 0000
             "pukul 07.00-13.00 27-11-2024",
             "27/11/2024 08.00",
             "2024-11-27T08:00:00",
             "suara 123, 45 dan 067, total 300",
             "paslon 1 dapat 120 suara, 2 dapat 98",
             "Rp 1.500.000",
             "0 0 0 0 0 0 0 0 0 0",
             "@kpu_ri dan kpu@kantor",
             "",
         }) {
        const Masked masked = mask_personal(text);
        EXPECT_EQ(masked.text, text);
        EXPECT_EQ(masked.identities + masked.phones + masked.mails, 0u) << text;
    }
}

TEST(Masking, CountsWhatItTookOut) {
    const Masked masked =
        mask_personal("3171014501900001, 3201011201120003, 0812 3456 7890, a@contoh.id");
    EXPECT_EQ(masked.identities, 2u);
    EXPECT_EQ(masked.phones, 1u);
    EXPECT_EQ(masked.mails, 1u);
}

TEST(Masking, WhatIsMaskedStaysSoWhenMaskedAgain) {
    const std::string once =
        mask_personal("3171014501900001 0812-3456-7890 siti@contoh.id 3171011006001").text;
    EXPECT_EQ(mask_personal(once).text, once);
    EXPECT_EQ(once, "[NIK] [TELEPON] [EMAIL] 3171011006001");
}

}  // namespace
}  // namespace kentongan::report
