// What citizens report, and those who would drown them out.
#include <fmt/format.h>

#include <array>

#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

void report(Scene& scene, Duration at, std::string_view category, const std::string& where,
            const std::string& text, int sender) {
    scene.script.add({scene.start + at, Action::Kind::post,
                      fmt::format("10.{}.{}.9", 60 + sender / 200, sender % 200),
                      fmt::format(R"({{"category":"{}",{},"text":"{}"}})", category, where, text)});
}

/// One text in thirty copies from as many networks, with small changes.
void campaign(Scene& scene) {
    for (int i = 0; i < 30; ++i)
        report(
            scene, seconds{12 * i}, "numbers", R"("area":"317104")",
            fmt::format("Hasil di TPS {} kelurahan ini tidak sama dengan formulir yang ditempel, "
                        "tolong segera diperiksa oleh KPU dan Bawaslu",
                        1 + i % 9),
            i);
}

/// Neighbours tell of one afternoon in their own words.
void neighbours(Scene& scene) {
    constexpr std::array<std::string_view, 8> kTexts{
        "Antrean panjang sejak pagi, petugas kehabisan tinta",
        "Surat suara sempat habis lalu datang lagi pukul sebelas",
        "Listrik padam waktu penghitungan, dilanjutkan pakai lampu darurat",
        "Saksi protes karena satu lembar dinyatakan tidak sah",
        "Foto formulir belum muncul di situs sampai malam",
        "Warga lansia tidak dibantu naik tangga ke TPS",
        "Hujan deras, tenda bocor, kotak suara dipindah ke balai warga",
        "Petugas ramah, tetapi penghitungan mulai terlambat dua jam"};
    for (std::size_t i = 0; i < kTexts.size(); ++i)
        report(scene, seconds{70 * i}, i % 2 == 0 ? "other" : "form_missing",
               fmt::format(R"("tps":"{}")", scene.jakarta.tps()[7000 + i]), std::string(kTexts[i]),
               static_cast<int>(400 + i));
}

}  // namespace

std::vector<Scenario> citizen_scenarios() {
    return {
        {"campaign",
         "One text is sent in by thirty senders",
         false,
         minutes{275},
         minutes{12},
         {"report:cluster"},
         {"kpu"},
         {},
         campaign},
        {"neighbours",
         "Neighbours report one afternoon in their own words",
         true,
         minutes{330},
         minutes{15},
         {"report:cluster"},
         {},
         {},
         neighbours},
    };
}

}  // namespace kentongan::drill
