// The database behind the results.
#include <fmt/format.h>

#include "daemon/drill/files.hpp"
#include "daemon/drill/log_lines.hpp"
#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

void statement(Scene& scene, Duration at, const Statement& what, std::uint64_t serial) {
    const Timestamp time = scene.start + at;
    scene.script.line(time, std::string(kDatabaseLog), database_line(time, what, serial));
}

void edited_by_hand(Scene& scene) {
    statement(scene, Duration{0},
              {"yusuf", "10.20.0.17", "psql", "WRITE", "UPDATE", "public.hasil_tps",
               "UPDATE hasil_tps SET paslon_1 = 300 WHERE kode_tps = '3171011001001'"},
              71);
}

void voters_taken(Scene& scene) {
    statement(scene, Duration{0},
              {"sri", "10.20.0.19", "psql", "READ", "COPY", "public.dpt",
               "COPY dpt TO '/tmp/dpt.csv' CSV HEADER"},
              72);
}

void audit_off(Scene& scene) {
    statement(scene, Duration{0},
              {"agung", "10.20.0.20", "psql", "MISC", "SET", "", "SET pgaudit.log = 'none'"}, 73);
    statement(scene, seconds{5},
              {"agung", "10.20.0.20", "psql", "DDL", "ALTER TABLE", "public.hasil_tps",
               "ALTER TABLE hasil_tps DISABLE TRIGGER ALL"},
              74);
}

/// The nightly copy, by the account that is there for it.
void backup(Scene& scene) {
    for (int i = 0; i < 4; ++i)
        statement(scene, seconds{20 * i},
                  {"backup", "10.10.0.30", "pg_dump", "READ", "COPY",
                   i % 2 == 0 ? "public.hasil_tps" : "public.dpt",
                   fmt::format("COPY public.{} TO stdout", i % 2 == 0 ? "hasil_tps" : "dpt")},
                  75);
}

}  // namespace

std::vector<Scenario> database_scenarios() {
    return {
        {"database-edit",
         "A result is changed with psql",
         false,
         minutes{160},
         minutes{5},
         {"Results written by hand in the database", "sirekap:database-write"},
         {"kpu", "bssn"},
         {"yusuf", "10.20.0.17"},
         edited_by_hand},
        {"voters-taken",
         "The voters' register is copied out",
         false,
         minutes{200},
         minutes{5},
         {"Table copied out of the database", "Database reaches for files, programs or the network",
          "Ten thousand voters read by one statement"},
         {"kpu", "bssn"},
         {"10.20.0.19"},
         voters_taken},
        {"audit-trail-off",
         "The database's audit is switched off",
         false,
         minutes{185},
         minutes{5},
         {"Audit of the database switched off or changed"},
         {"kpu", "bssn", "polri"},
         {"agung", "10.20.0.20"},
         audit_off},
        {"nightly-backup",
         "The account of backups copies the tables",
         true,
         minutes{360},
         minutes{10},
         {"Table copied out of the database", "Ten thousand voters read by one statement",
          "Results written by hand in the database"},
         {},
         {"10.10.0.30"},
         backup},
    };
}

}  // namespace kentongan::drill
