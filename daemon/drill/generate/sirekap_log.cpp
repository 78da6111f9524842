// The Sirekap application log: every TPS signs in and uploads the pages of its C-Hasil on the real
// curve; one device uploads for TPS that do not exist.
#include <array>

#include "daemon/drill/generate/night.hpp"

namespace kentongan::generate {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kPages = 2;

class SirekapLog {
  public:
    SirekapLog(const Night& night, const Jakarta& jakarta)
        : night_(night), jakarta_(jakarta), random_(night.seed ^ 0x51BE) {}

    std::vector<Line> make() {
        for (const std::string& tps : jakarta_.tps())
            if (night_.scale >= 1 || random_.chance(night_.scale)) upload(tps, ordinary(tps));
        if (night_.attacked) unknown_stations(minutes{170});
        return in_order(std::move(lines_));
    }

  private:
    struct Sender {
        Duration after_close{};
        std::string account;
        std::string device;
        std::string ip;
    };

    Sender ordinary(const std::string& tps) {
        return {begin(upload_delay_after_close(random_.real())), "kpps" + tps, random_.hex(16),
                fmt::format("{}.{}.{}.{}", random_.pick(std::array{36, 103, 114, 182}),
                            random_.below(256), random_.below(256), random_.below(256))};
    }

    Duration begin(Duration after_close) const {
        const auto [from, until] = night_.pause;
        if (after_close < from || after_close >= until) return after_close;
        constexpr double kHour = 3600e9;
        const double share = static_cast<double>((after_close - from).count()) /
                             static_cast<double>((until - from).count());
        return until + Duration{static_cast<std::int64_t>(share * kHour)};
    }

    /// Each TPS has two accounts; on some nights both send.
    Sender of_second_account(Sender sender) const {
        if (!night_.both_accounts) return sender;
        sender.account += "b";
        sender.device += "b";
        return sender;
    }

    void upload(const std::string& tps, const Sender& sender) {
        Duration time = sender.after_close;
        const Sender second = of_second_account(sender);
        call(time, sender, tps, "auth.login", "/realms/badan_adhoc/login", 200, "");
        for (int page = 1; page <= kPages; ++page) {
            const Sender& who = page == 1 ? sender : second;
            const auto name =
                fmt::format("{}-{}--{}.jpg", tps,
                            local_time(place(night_, time), "{:%Y%m%d-%H%M%S}"), random_.uuid());
            const auto image = fmt::format(
                R"(,"jenisImage":"C_HASIL_KWK","noLembar":{},"namaFile":"{}")", page, name);
            time += milliseconds{random_.between(400, 4000)};
            call(time, who, tps, "formc-image.upload-url", "/kpps/pkwkp/formc-image/upload-url",
                 200, image);
            time += seconds{random_.between(2, 60)};
            const bool busy = random_.chance(0.01);  // "Saat ini server sedang sibuk"
            const auto file = fmt::format(
                R"({},"idImage":{},"fileHash":"{}","contentType":"image/jpeg","bytes":{})", image,
                random_.below(100'000'000), random_.hex(64), random_.between(600'000, 4'000'000));
            if (busy) {
                call(time, who, tps, "formc-image.upload", "/kpps/pkwkp/formc-image/upload", 502,
                     file);
                time += seconds{15};
            }
            call(time, who, tps, "formc-image.upload", "/kpps/pkwkp/formc-image/upload", 200, file);
        }
        time += seconds{random_.between(10, 90)};
        call(time, sender, tps, "formc-image.kesesuaian", "/kpps/pkwkp/formc-image/kesesuaian", 200,
             R"(,"isSesuai":true)");
    }

    /// Codes in the shape of a TPS, in kelurahan that exist, with numbers past the last one.
    void unknown_stations(Duration at) {
        Sender sender{at, "kpps3171011001001", "f00dfeedcafe0001", "198.51.100.77"};
        for (int i = 0; i < 5; ++i) {
            const auto& area = jakarta_.kelurahan()[random_.below(jakarta_.kelurahan().size())];
            upload(fmt::format("{}{:03}", area.code, 700 + i), sender);
            sender.after_close += seconds{40};
        }
    }

    void call(Duration after_close, const Sender& sender, const std::string& tps,
              std::string_view event, std::string_view route, int status, const std::string& more) {
        const Timestamp time = place(night_, after_close);
        lines_.push_back(
            {time,
             fmt::format(
                 R"({{"time":"{}","level":"info","event":"{}","account":"{}","device":"{}","ip":"{}",)"
                 R"("kodeTps":"{}","requestId":"{}","duration_ms":{},"http":{{"method":"POST",)"
                 R"("route":"{}","status":{},"userAgent":"Sirekap/3.1 okhttp/4.12.0"}}{}}})",
                 to_rfc3339(time), event, sender.account, sender.device, sender.ip, tps,
                 random_.uuid(), random_.between(8, 900), route, status, more)});
    }

    const Night& night_;
    const Jakarta& jakarta_;
    Random random_;
    std::vector<Line> lines_;
};

}  // namespace

std::vector<Line> sirekap_log(const Night& night, const Jakarta& register_) {
    return SirekapLog{night, register_}.make();
}

}  // namespace kentongan::generate
