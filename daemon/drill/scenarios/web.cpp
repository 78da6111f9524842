// What comes at the web server: attacks, and crowds that are none.
#include <fmt/format.h>

#include <array>

#include "daemon/drill/files.hpp"
#include "daemon/drill/log_lines.hpp"
#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void request(Scene& scene, Duration at, const WebRequest& what) {
    const Timestamp time = scene.start + at;
    scene.script.line(time, std::string(kWebLog), web_line(time, what));
}

std::string phone_address(generate::Random& random) {
    return fmt::format("{}.{}.{}.{}", random.pick(std::array{36, 103, 114, 182}), random.below(256),
                       random.below(256), random.below(256));
}

void injection(Scene& scene) {
    constexpr std::array<std::string_view, 5> kProbes{
        "/api/tps?id=1%27%20UNION%20SELECT%20username,password%20FROM%20pengguna--%20-",
        "/api/tps?id=1%20AND%20SLEEP(5)", "/api/tps?id=1%27%20OR%20%271%27=%271",
        "/api/wilayah?kode=31%27;DROP%20TABLE%20suara_c;--",
        "/api/tps?id=(SELECT%20table_name%20FROM%20information_schema.tables)"};
    for (int i = 0; i < 25; ++i)
        request(scene, seconds{2 * i},
                {.ip = "198.51.100.41",
                 .uri = std::string(kProbes[static_cast<std::size_t>(i) % kProbes.size()]),
                 .status = i % 3 == 0 ? 500 : 404,
                 .bytes = 512,
                 .referrer = "-"});
}

/// A script that was put under the photographs answers its owner.
void web_shell(Scene& scene) {
    for (int i = 0; i < 8; ++i)
        request(scene, seconds{9 * i},
                {.ip = "198.51.100.42",
                 .method = "POST",
                 .uri = "/upload/2024/foto.php",
                 .bytes = 211,
                 .referrer = "-"});
}

/// Twenty times the readers for a quarter of an hour, pictures, scripts and all.
void flash_crowd(Scene& scene) {
    constexpr std::array<std::string_view, 3> kAssets{"/assets/index-8f3a1c.js",
                                                      "/assets/app-1b2c.css", "/img/logo-kpu.png"};
    for (int i = 0; i < 6000; ++i) {
        const auto ip = phone_address(scene.random);
        const Duration at = milliseconds{150 * i};
        request(scene, at, {.ip = ip, .uri = "/"});
        for (const auto asset : kAssets)
            request(scene, at, {.ip = ip, .uri = std::string(asset), .bytes = 30'000});
        request(scene, at + seconds{4},
                {.ip = ip,
                 .uri = fmt::format("/pilkada/hhcw/pkwkp/31/317{}.json", 1 + i % 5),
                 .bytes = 2400});
    }
}

/// A newsroom fetches every result; it may.
void newsroom(Scene& scene) {
    for (int i = 0; i < 4000; ++i)
        request(scene, milliseconds{120 * i},
                {.ip = "103.21.244.9",
                 .uri = fmt::format("/pilkada/hhcw/pkwkp/31/3171/317101/31710110{:02}/{:03}.json",
                                    i % 90, i),
                 .bytes = 1800,
                 .agent = "pantau-pilkada/1.2 (+redaksi@media.example)",
                 .referrer = "-"});
}

/// Names and searches that hold quotes and the words of SQL.
void odd_searches(Scene& scene) {
    constexpr std::array<std::string_view, 5> kSearches{
        "/cari?q=Jum%27at", "/cari?q=Ma%27ruf+Amin", "/cari?q=select+order+by+nama",
        "/cari?q=union+pekerja", "/cari?q=drop+off+kotak+suara"};
    for (int i = 0; i < 100; ++i)
        request(scene, seconds{3 * i},
                {.ip = "114.4.77.61",
                 .uri = std::string(kSearches[static_cast<std::size_t>(i) % kSearches.size()]),
                 .bytes = 2011});
}

}  // namespace

std::vector<Scenario> web_scenarios() {
    return {
        {"sql-injection",
         "A tool tries SQL injection on the result site",
         false,
         minutes{80},
         minutes{5},
         {"SQL injection attempt in a request URI", "SQL injection tried in many ways",
          "One address makes the server fail again and again"},
         {"kpu", "bssn"},
         {"198.51.100.41"},
         injection,
         {"anomaly:error-share"}},
        {"web-shell",
         "A script under the photographs answers its owner",
         false,
         minutes{150},
         minutes{5},
         {"Script answered under an upload path",
          "Script called again and again by POST without a page before it"},
         {"kpu", "bssn", "polri"},
         {"198.51.100.42"},
         web_shell},
        {"flash-crowd",
         "Twenty times the readers come at once",
         true,
         minutes{300},
         minutes{25},
         {"anomaly:error-share", "Many clients get server errors at once"},
         {},
         {},
         flash_crowd,
         {"anomaly:request-rate"}},
        {"newsroom",
         "A newsroom fetches every published result",
         true,
         minutes{265},
         minutes{15},
         {"Many pages tried that are not there"},
         {},
         {"103.21.244.9"},
         newsroom},
        {"odd-searches",
         "Names with quotes and the words of SQL are searched for",
         true,
         minutes{90},
         minutes{8},
         {"SQL injection attempt in a request URI", "SQL injection tried in many ways"},
         {},
         {"114.4.77.61"},
         odd_searches},
    };
}

}  // namespace kentongan::drill
