// Results on their way from the form to the publication.
#include <fmt/format.h>

#include "daemon/drill/files.hpp"
#include "daemon/drill/log_lines.hpp"
#include "daemon/drill/published.hpp"
#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

void call(Scene& scene, Duration at, const AppCall& what) {
    const Timestamp time = scene.start + at;
    scene.script.line(time, std::string(kApplicationLog), app_line(time, what));
}

/// The upload of one page, as the application logs it.
AppCall upload(Scene& scene, std::string tps, std::string account, std::string device,
               std::string hash = {}) {
    if (hash.empty()) hash = scene.random.hex(64);
    return {.event = "formc-image.upload",
            .account = std::move(account),
            .route = "/kpps/pkwkp/formc-image/upload",
            .ip = "114.4.90.12",
            .device = std::move(device),
            .tps = std::move(tps),
            .more = fmt::format(R"("jenisImage":"C_HASIL_KWK","noLembar":1,"idImage":{},)"
                                R"("fileHash":"{}","contentType":"image/jpeg","bytes":1833000)",
                                scene.random.below(1'000'000), hash)};
}

/// A call of a kecamatan's officers about one TPS.
AppCall officer(std::string event, std::string account, std::string device, std::string tps,
                std::string_view more = {}) {
    const auto route = "/recap/pkwkp/" + event.substr(event.find('.') + 1);
    const auto scope = tps.substr(0, 6);
    return {.event = std::move(event),
            .account = std::move(account),
            .route = route,
            .device = std::move(device),
            .tps = std::move(tps),
            .more = fmt::format(R"("role":"ppk","scope":"{}"{}{})", scope, more.empty() ? "" : ",",
                                more)};
}

std::string tps_of(const Scene& scene, std::size_t number) { return scene.jakarta.tps()[number]; }

void unknown_tps(Scene& scene) {
    for (int i = 0; i < 5; ++i)
        call(scene, seconds{40 * i},
             upload(scene, fmt::format("{}{}", scene.jakarta.kelurahan()[40].code, 701 + i),
                    "kpps3171011001001a", "f00dfeedcafe0001"));
}

void early(Scene& scene) {
    const auto tps = tps_of(scene, 2000);
    call(scene, Duration{0}, upload(scene, tps, "kpps" + tps, "early-1"));
}

void one_picture_twice(Scene& scene) {
    const auto hash = scene.random.hex(64);
    for (const bool again : {false, true}) {
        const auto tps = tps_of(scene, again ? 3700 : 3000);
        call(scene, seconds{again ? 50 : 0},
             upload(scene, tps, "kpps" + tps, again ? "dup-2" : "dup-1", hash));
    }
}

void one_device_for_many(Scene& scene) {
    for (std::size_t i = 0; i < 6; ++i) {
        const auto tps = tps_of(scene, 5000 + 90 * i);
        call(scene, seconds{30 * i}, upload(scene, tps, "kpps" + tps, "many-1"));
    }
}

void changed_after_final(Scene& scene) {
    const auto tps = tps_of(scene, 4100);
    call(scene, seconds{0},
         officer("rekap.final", "ppk.final", "w-51", tps,
                 R"("statusFrom":"verified","statusTo":"final")"));
    call(scene, seconds{90},
         officer("rekap.edit", "ppk.final", "w-51", tps, R"("statusFrom":"final")"));
}

void mass_edit(Scene& scene) {
    for (std::size_t i = 0; i < 40; ++i)
        call(scene, seconds{2 * i},
             officer("rekap.edit", "ppk.massal", "w-52", tps_of(scene, 4300 + i),
                     R"("statusFrom":"read")"));
}

void own_approval(Scene& scene) {
    const auto tps = tps_of(scene, 4500);
    call(scene, seconds{0}, officer("rekap.edit", "ppk.dua1", "w-53", tps));
    call(scene, seconds{80}, officer("rekap.verify", "ppk.dua2", "w-53", tps));
}

void robot(Scene& scene) {
    for (std::size_t i = 0; i < 60; ++i)
        call(scene, seconds{4 * i},
             officer("rekap.verify", "ppk.robot", "w-54", tps_of(scene, 4600 + i),
                     R"("statusFrom":"read","statusTo":"verified")"));
}

/// Phones without a signal send what they kept, all at once when it is back.
void catch_up(Scene& scene) {
    for (std::size_t i = 0; i < 120; ++i) {
        const auto tps = tps_of(scene, 14'000 + i);
        AppCall one = upload(scene, tps, "kpps" + tps, fmt::format("late-{}", i));
        one.more += fmt::format(R"(,"offline":true,"ageSeconds":{})", 3600 + 20 * i);
        call(scene, std::chrono::milliseconds{1500 * i}, one);
    }
}

/// A correction of the plenary, with its note, by two people.
void plenary(Scene& scene) {
    const auto tps = tps_of(scene, 4800);
    call(
        scene, seconds{0},
        officer(
            "rekap.reopen", "ppk.pleno", "w-56", tps,
            R"("statusFrom":"final","statusTo":"reopened","reason":"D-KEJADIAN-4","approver":"panwas.1")"));
    call(scene, seconds{60},
         officer("rekap.edit", "ppk.pleno", "w-56", tps,
                 R"("statusFrom":"reopened","reason":"D-KEJADIAN-4","approver":"panwas.1")"));
}

/// KPU orders a clean-up, and its window is known (stage.cpp).
void clean_up(Scene& scene) {
    for (std::size_t i = 0; i < 60; ++i) {
        AppCall one = officer("rekap.edit", std::string(kCleanUpAccount), "w-57",
                              tps_of(scene, 4900 + i), R"("statusFrom":"final")");
        one.more.replace(one.more.find("ppk"), 3, "kpu_ri");
        call(scene, seconds{3 * i}, one);
    }
}

void tampered_sum(Scene& scene) {
    scene.publication.tamper("3173", 1000, scene.start, scene.start + 3 * Publication::kStep);
}

void withdrawn(Scene& scene) { scene.publication.withdraw(scene.start); }

}  // namespace

std::vector<Scenario> result_scenarios() {
    return {
        {"early-upload",
         "A form arrives before the polls close",
         false,
         -minutes{25},
         minutes{5},
         {"sirekap:early-upload"},
         {"kpu"},
         {"early-1"},
         early},
        {"unknown-tps",
         "One device uploads for TPS that do not exist",
         false,
         minutes{85},
         minutes{5},
         {"sirekap:unknown-tps", "sirekap:unassigned-uploader"},
         {"kpu", "bssn"},
         {"f00dfeedcafe0001", "kpps3171011001001a"},
         unknown_tps},
        {"one-picture-twice",
         "One picture is uploaded for two TPS",
         false,
         minutes{100},
         minutes{5},
         {"sirekap:duplicate-image"},
         {"kpu"},
         {"dup-1", "dup-2"},
         one_picture_twice},
        {"one-device",
         "One telephone uploads for six TPS of as many kelurahan",
         false,
         minutes{105},
         minutes{6},
         {"sirekap:unassigned-uploader"},
         {"kpu", "bssn"},
         {"many-1"},
         one_device_for_many},
        {"changed-after-final",
         "A final result is changed without a word",
         false,
         minutes{240},
         minutes{6},
         {"sirekap:change-after-verification"},
         {"kpu", "bssn"},
         {"ppk.final"},
         changed_after_final},
        {"mass-edit",
         "Forty results are edited in a minute",
         false,
         minutes{250},
         minutes{5},
         {"sirekap:bulk-edit"},
         {"kpu", "bssn"},
         {"ppk.massal"},
         mass_edit},
        {"own-approval",
         "Editor and verifier sit at one device",
         false,
         minutes{255},
         minutes{5},
         {"sirekap:four-eyes"},
         {"kpu"},
         {"ppk.dua1", "ppk.dua2"},
         own_approval},
        {"verifying-robot",
         "A program verifies a TPS every four seconds",
         false,
         minutes{260},
         minutes{6},
         {"sirekap:verification-pace"},
         {"kpu"},
         {"ppk.robot"},
         robot},
        {"tampered-sum",
         "A thousand votes too many in a published sum",
         false,
         minutes{270},
         minutes{50},
         {"sirekap:aggregate-mismatch"},
         {"kpu", "bssn"},
         {},
         tampered_sum},
        {"catch-up",
         "Phones without a signal send all they kept at once",
         true,
         minutes{230},
         minutes{10},
         {"sirekap:upload-surge", "sirekap:backdated", "sirekap:unassigned-uploader"},
         {},
         {"\"late-"},
         catch_up},
        {"plenary",
         "The plenary reopens a result and corrects it",
         true,
         minutes{245},
         minutes{6},
         {"sirekap:change-after-verification", "sirekap:edit-outside-workflow"},
         {},
         {"ppk.pleno"},
         plenary},
        {"clean-up",
         "Sixty final results are corrected in the window KPU ordered",
         true,
         kCleanUpFrom + minutes{10},
         minutes{10},
         {"sirekap:bulk-edit", "sirekap:change-after-verification",
          "sirekap:edit-outside-workflow"},
         {},
         {kCleanUpAccount},
         clean_up,
         {"sirekap:ordered-change"}},
        {"withdrawal",
         "KPU withdraws the tabulation: all sums become zero",
         true,
         minutes{370},
         minutes{50},
         {"sirekap:aggregate-mismatch", "sirekap:votes-fell", "sirekap:progress-fell"},
         {},
         {},
         withdrawn,
         {"sirekap:tabulation-withdrawn"}},
    };
}

}  // namespace kentongan::drill
