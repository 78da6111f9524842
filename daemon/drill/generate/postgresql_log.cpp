// csvlog of the results' database, with pgaudit: the application at work, backups, a member of
// staff who guesses wrong once; hidden in it, passwords guessed from one address, a person who
// changes results by hand and one who exports the voters' register.
#include <algorithm>
#include <array>

#include "daemon/drill/generate/night.hpp"
#include "daemon/drill/generate/random.hpp"

namespace kentongan::generate {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Session {
    std::string user;
    std::string address;
    std::string application;
};

class PostgresqlLog {
  public:
    explicit PostgresqlLog(const Night& night) : night_(night), random_(night.seed ^ 0x9057) {}

    std::vector<Line> make() {
        const int writes = std::max(50, static_cast<int>(3000 * night_.scale));
        for (int i = 0; i < writes; ++i)
            application_write(night_.begin + seconds{random_.between(0, 23 * 3600)});
        backup(minutes{600});
        refuse({"ratna", "10.20.0.12", "psql"}, place(night_, minutes{70}));
        if (night_.attacked) {
            guessing(minutes{100});
            by_hand(minutes{160});
            export_voters(minutes{200});
        }
        return in_order(std::move(lines_));
    }

  private:
    /// One row of 26 columns, as PostgreSQL 14 and later write it.
    void row(Timestamp time, const Session& who, std::string_view tag, std::string_view severity,
             std::string_view state, const std::string& message) {
        const auto zoned = local_time(time, "{:%Y-%m-%d %H:%M:%S}");
        const auto ms = to_nanoseconds(time) / 1'000'000 % 1000;
        const auto pid = 3000 + random_.below(20000);
        lines_.push_back(
            {time, fmt::format(
                       "{0}.{1:03} WIB,{2},\"sirekap\",{3},\"{4}:{5}\",{6}.{3:x},{7},\"{8}\",{0} "
                       "WIB,{9}/{7},0,{10},{11},{12},,,,,,,,,\"{13}\",\"client backend\",,0",
                       zoned, ms, quoted(who.user), pid, who.address, random_.between(32768, 60999),
                       random_.hex(8), 1 + random_.below(9), tag, 3 + random_.below(40), severity,
                       state, quoted(message), who.application)});
    }

    static std::string quoted(std::string_view text) {
        std::string out = "\"";
        for (const char c : text) {
            if (c == '"') out += '"';
            out += c;
        }
        return out + '"';
    }

    void audited(Timestamp time, const Session& who, std::string_view group,
                 std::string_view command, std::string_view table, std::string_view statement) {
        row(time, who, command, "LOG", "00000",
            fmt::format("AUDIT: SESSION,{},1,{},{},TABLE,{},{},<not logged>", 1 + random_.below(90),
                        group, command, table, quoted(statement)));
    }

    void application_write(Duration at) {
        const Session app{"sirekap_app", fmt::format("10.10.0.{}", random_.between(11, 14)),
                          "sirekap-api"};
        audited(place(night_, at), app, "WRITE", "INSERT", "public.hasil_tps",
                "INSERT INTO hasil_tps (kode_tps, paslon_1, paslon_2) VALUES ($1, $2, $3)");
    }

    void backup(Duration at) {
        audited(place(night_, at), {"backup", "10.10.0.30", "pg_dump"}, "READ", "COPY",
                "public.hasil_tps", "COPY public.hasil_tps TO stdout");
    }

    void refuse(const Session& who, Timestamp time) {
        row(time, who, "authentication", "FATAL", "28P01",
            fmt::format("password authentication failed for user \"{}\"", who.user));
    }

    void guessing(Duration at) {
        constexpr std::array<std::string_view, 4> kGuessed{"postgres", "admin", "sirekap", "root"};
        Timestamp time = place(night_, at);
        for (int i = 0; i < 30; ++i) {
            refuse({std::string(random_.pick(kGuessed)), "203.0.113.66", ""}, time);
            time += milliseconds{random_.between(300, 900)};
        }
    }

    void by_hand(Duration at) {
        audited(place(night_, at), {"yusuf", "10.20.0.17", "psql"}, "WRITE", "UPDATE",
                "public.hasil_tps",
                "UPDATE hasil_tps\n   SET paslon_1 = 300\n WHERE kode_tps = '3171011001001'");
    }

    void export_voters(Duration at) {
        audited(place(night_, at), {"sri", "10.20.0.19", "psql"}, "READ", "COPY", "public.dpt",
                "COPY dpt TO '/tmp/dpt.csv' CSV HEADER");
    }

    const Night& night_;
    Random random_;
    std::vector<Line> lines_;
};

}  // namespace

std::vector<Line> postgresql_log(const Night& night) { return PostgresqlLog{night}.make(); }

}  // namespace kentongan::generate
