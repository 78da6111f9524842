// Recapitulation on election night: the application log of Sirekap Web and the audit log of its
// database. The kecamatan read, verify and finish their TPS; each oddity has a twin that is none.
#include <array>

#include "daemon/drill/generate/night.hpp"

namespace kentongan::generate {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Person {
    std::string account;
    std::string device;
    std::string ip;
    std::string role = "ppk";
};

class RecapLog {
  public:
    RecapLog(const Night& night, const Jakarta& jakarta)
        : night_(night), jakarta_(jakarta), random_(night.seed ^ 0x4EC4) {}

    Recap make() {
        for (std::size_t i = 0; i + 1 < jakarta_.kelurahan().size(); i += kEvery)
            kelurahan(jakarta_.kelurahan()[i], minutes{90 + static_cast<int>(i)});
        late_changes(minutes{400});
        past_the_workflow(minutes{420});
        clean_up(minutes{450});
        times(minutes{480});
        hands(minutes{510});
        paces(minutes{540});
        uploads(minutes{600});
        forged_writes(minutes{660});
        heartbeat();
        return {in_order(std::move(application_)), in_order(std::move(database_))};
    }

  private:
    static constexpr std::size_t kEvery = 7;  // kelurahan whose work is shown

    static std::string field(std::string_view key, std::string_view value) {
        return fmt::format(R"(,"{}":"{}")", key, value);
    }
    static std::string stages(std::string_view from, std::string_view to) {
        return field("statusFrom", from) + field("statusTo", to);
    }
    static std::string decree(std::string_view reason, std::string_view second) {
        return field("reason", reason) + field("approver", second);
    }
    static Person ppk(std::string_view tps, int number = 1) {
        return {fmt::format("ppk.{}.{}", tps.substr(0, 6), number),
                fmt::format("w-{}-{}", tps.substr(0, 6), number),
                fmt::format("10.31.{}.20", tps.substr(4, 2))};
    }
    static Person kpps(std::string_view tps) {
        return {fmt::format("kpps{}", tps), fmt::format("hp-{}", tps), "114.4.0.9", "kpps"};
    }
    /// The n-th TPS of a kelurahan far down the list, which ordinary work does not touch.
    [[nodiscard]] std::string quiet_tps(std::size_t kelurahan, int number) const {
        return fmt::format("{}{:03}", jakarta_.kelurahan()[kelurahan * kEvery + 3].code, number);
    }

    std::string call(Duration at, std::string_view event, const Person& who, std::string_view tps,
                     const std::string& more = {}, int status = 200) {
        const Timestamp time = place(night_, at);
        const std::string request = "r-" + random_.hex(8);
        application_.push_back(
            {time, fmt::format(R"({{"time":"{}","level":"info","event":"{}","account":"{}",)"
                               R"("role":"{}","device":"{}","ip":"{}","kodeTps":"{}",)"
                               R"("requestId":"{}"{},"http":{{"method":"POST","route":"/recap/)"
                               R"(pkwkp/{}","status":{},"userAgent":"Mozilla/5.0"}}}})",
                               to_rfc3339(time), event, who.account, who.role, who.device, who.ip,
                               tps, request, more, event, status)});
        return request;
    }

    void write(Duration at, std::string_view request, std::string_view tps,
               std::string_view user = "sirekap_app", std::string_view address = "10.10.0.12") {
        const Timestamp time = place(night_, at);
        const auto zoned = local_time(time, "{:%Y-%m-%d %H:%M:%S}");
        const auto ms = to_nanoseconds(time) / 1'000'000 % 1000;
        const auto pid = 3000 + random_.below(20000);
        database_.push_back(
            {time,
             fmt::format("{0}.{1:03} WIB,\"{2}\",\"sirekap\",{3},\"{4}:{5}\",{6}.{3:x},3,"
                         "\"UPDATE\",{0} WIB,7/{3},0,LOG,00000,\"AUDIT: SESSION,7,1,WRITE,UPDATE,"
                         "TABLE,public.hasil_tps,\"\"UPDATE hasil_tps SET suara = $1 WHERE "
                         "kode_tps = '{7}' /*requestId='{8}'*/\"\",<not logged>\",,,,,,,,,"
                         "\"sirekap-recap\",\"client backend\",,0",
                         zoned, ms, user, pid, address, random_.between(32768, 60999),
                         random_.hex(8), tps, request)});
    }
    /// A call and the write it makes.
    void saved(Duration at, std::string_view event, const Person& who, std::string_view tps,
               const std::string& more) {
        write(at + milliseconds{random_.between(5, 300)}, call(at, event, who, tps, more), tps);
    }

    /// The kecamatan goes through the TPS of a kelurahan.
    void kelurahan(const Kelurahan& where, Duration at) {
        for (int number = 1; number <= std::min(where.tps, 8); ++number) {
            const auto tps = fmt::format("{}{:03}", where.code, number);
            const Person operator_ = ppk(tps);
            at += seconds{random_.between(20, 200)};
            call(at, "tps.view", operator_, tps);
            at += milliseconds{random_.between(7'000, 90'000)};
            const bool corrects = random_.chance(0.08);
            if (corrects) saved(at, "rekap.edit", operator_, tps, stages("read", "read"));
            at += seconds{random_.between(3, 30)};
            saved(at, "rekap.verify", operator_, tps,
                  stages("read", "verified") +
                      fmt::format(R"(,"sinceOpenMs":{})", random_.between(9'000, 120'000)));
        }
    }

    void late_changes(Duration at) {
        const std::string tps = quiet_tps(2, 1);
        saved(at, "rekap.final", ppk(tps), tps, stages("verified", "final"));
        saved(at + minutes{5}, "rekap.edit", ppk(tps), tps, field("statusFrom", "final"));
        const std::string corrected = quiet_tps(2, 2);  // in the plenary, with its note
        saved(at + minutes{6}, "rekap.edit", ppk(corrected), corrected,
              field("statusFrom", "final") + decree("pleno, form D-12", "kpu.3171"));
    }

    void past_the_workflow(Duration at) {
        const Person administrator{"admin.budi", "", "10.20.0.4", "admin"};
        call(at, "admin.result.edit", administrator, quiet_tps(3, 1));
        const std::string jumped = quiet_tps(3, 2);
        call(at + minutes{1}, "rekap.final", ppk(jumped), jumped, stages("uploaded", "final"));
        for (int i = 1; i <= 12; ++i) {
            const std::string tps = quiet_tps(4, i);
            saved(at + minutes{2} + seconds{3 * i}, "rekap.edit", ppk(tps, 2), tps,
                  stages("read", "read"));
        }
    }

    /// Ordered by KPU: a hundred TPS of one kecamatan within some minutes.
    void clean_up(Duration at) {
        for (int i = 0; i < 100; ++i) {
            const std::string tps = quiet_tps(5, 1 + i);
            saved(at + seconds{2 * i}, "rekap.edit",
                  {"kpu.ri.perapian", "w-kpu-1", "10.20.0.8", "kpu_ri"}, tps,
                  field("statusFrom", "final"));
        }
    }

    void times(Duration at) {
        const std::string tps = quiet_tps(6, 1);
        saved(at, "rekap.edit", ppk(tps), tps, stages("read", "read") + R"(,"ageSeconds":7200)");
        const std::string offline = quiet_tps(6, 2);
        call(at + minutes{1}, "formc-image.upload", kpps(offline), offline,
             R"(,"ageSeconds":7200,"offline":true,"noLembar":1)");
    }

    void hands(Duration at) {
        const std::string tps = quiet_tps(7, 1);
        Person second = ppk(tps, 2);
        second.device = ppk(tps).device;
        saved(at, "rekap.edit", ppk(tps), tps, stages("read", "read"));
        saved(at + minutes{2}, "rekap.verify", second, tps, stages("read", "verified"));
        const std::string other = quiet_tps(7, 2);  // two people in one office
        saved(at + minutes{4}, "rekap.edit", ppk(other), other, stages("read", "read"));
        saved(at + minutes{6}, "rekap.verify", ppk(other, 2), other, stages("read", "verified"));
    }

    void paces(Duration at) {
        const Person program{"ppk.317409.9", "w-bot", "10.31.9.44"};
        const Person practised{"ppk.317408.1", "w-317408-1", "10.31.8.20"};
        Duration quick = at;
        for (int i = 1; i <= 25; ++i) {
            saved(at + seconds{12 * i}, "rekap.verify", program, quiet_tps(8, i),
                  stages("read", "verified"));
            quick += milliseconds{random_.between(8'000, 10'000)};
            call(quick - seconds{8}, "tps.view", practised, quiet_tps(9, i));
            saved(quick, "rekap.verify", practised, quiet_tps(9, i),
                  stages("read", "verified") + R"(,"sinceOpenMs":8000)");
        }
    }

    void uploads(Duration at) {
        const auto picture = [](const std::string& hash, int page) {
            return fmt::format(R"(,"jenisImage":"C_HASIL_KWK","noLembar":{},"fileHash":"{}")", page,
                               hash);
        };
        const std::string hash = random_.hex(64);
        for (int i = 1; i <= 2; ++i)  // the same picture for two TPS
            call(at + minutes{i}, "formc-image.upload",
                 kpps(quiet_tps(10 + static_cast<std::size_t>(i), 1)),
                 quiet_tps(10 + static_cast<std::size_t>(i), 1), picture(hash, 2));
        const std::string again = random_.hex(64);
        for (int i = 1; i <= 2; ++i)  // a page sent twice, as after an error
            call(at + minutes{2 + i}, "formc-image.upload", kpps(quiet_tps(13, 1)),
                 quiet_tps(13, 1), picture(again, 1));
        call(minutes{-20}, "formc-image.upload", kpps(quiet_tps(14, 1)), quiet_tps(14, 1),
             picture(random_.hex(64), 1));
        call(minutes{-200}, "formc-image.upload", kpps(quiet_tps(14, 2)), quiet_tps(14, 2),
             picture(random_.hex(64), 1) + R"(,"isDummy":true)");
        const std::string tps = quiet_tps(15, 1);  // the third account, and one that steps in
        const Person office{"kpu.3171", "w-kpu", "10.20.0.8", "kpu_kota"};
        call(at + minutes{5}, "admin.assignment.edit", office, quiet_tps(16, 1),
             field("targetAccount", "kpps.pengganti"));
        for (int i = 1; i <= 3; ++i)
            for (const auto& where : {tps, quiet_tps(16, 1)}) {
                Person who = kpps(where);
                if (i > 1) who.account = i == 3 ? "kpps.pengganti" : who.account + "b";
                who.device += fmt::format("-{}", i);
                if (where == tps && i == 3) who.account = "kpps.siapa";
                call(at + minutes{10 + i}, "formc-image.upload", who, where,
                     picture(random_.hex(64), i));
            }
    }

    /// One in the application's name that it knows nothing of, one by a person.
    void forged_writes(Duration at) {
        write(at, "r-00000000", quiet_tps(17, 1));
        write(at + minutes{1}, "r-00000001", quiet_tps(17, 2), "yusuf", "10.20.0.17");
    }

    /// The application is never quite silent.
    void heartbeat() {
        for (Duration at = minutes{60}; at < minutes{24 * 60}; at += seconds{45})
            call(at, "rekap.view", {"kpu.3171.layar", "w-layar", "10.20.0.9", "kpu_kota"},
                 quiet_tps(1, 1));
    }

    const Night& night_;
    const Jakarta& jakarta_;
    Random random_;
    std::vector<Line> application_;
    std::vector<Line> database_;
};

}  // namespace

Recap recap_log(const Night& night, const Jakarta& register_) {
    return RecapLog{night, register_}.make();
}

}  // namespace kentongan::generate
