// The demo's citizens, who report to the intake.
#include <fmt/format.h>

#include <array>

#include "tests/support/citizen.hpp"
#include "tests/support/demo/performance.hpp"
#include "tests/support/pictures.hpp"

namespace kentongan::demo {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A few people tell of what they saw, one with a photograph; then a text is passed around.
Task<> Performance::report_citizens() {
    constexpr std::array<std::string_view, 3> kAccounts{
        "Formulir C.Hasil belum ditempel di depan TPS sampai malam",
        "Angka di papan pengumuman tidak sama dengan angka di Sirekap, nomor saya 0812 3456 7890",
        "Aplikasi tidak dapat dibuka sejak sore, selalu muncul server sibuk"};
    constexpr std::array<std::string_view, 3> kCategories{"form_missing", "numbers", "system_down"};
    co_await sleep_for(seconds{6});
    for (std::size_t i = 0; i < 30; ++i) {
        const bool passed_on = i >= kAccounts.size();
        const Citizen citizen{settings_.report_port, fmt::format("100.64.{}.7", i)};
        std::vector<std::string> photos;
        if (i == 0) photos.push_back(a_jpeg(exif(6, "a place nobody need know")));
        const auto answer = citizen.report(
            {{"category", std::string(passed_on ? "other" : kCategories[i])},
             {"place", jakarta_.tps()[i * 100]},
             {"text", passed_on ? fmt::format("Sebarkan! TPS {} harus diulang, tanyakan KPU", i)
                                : std::string(kAccounts[i])}},
            photos);
        if (!answer || answer->status != 201)
            fmt::print("  -- a report was not taken: {} --\n",
                       answer ? answer->body : answer.error().message);
        co_await sleep_for(milliseconds{passed_on ? 150 : 2000});
    }
}

}  // namespace kentongan::demo
