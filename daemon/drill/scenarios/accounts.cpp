// Accounts of Sirekap: guessed, taken over, given powers; and what only looks like it.
#include <fmt/format.h>

#include "daemon/drill/files.hpp"
#include "daemon/drill/log_lines.hpp"
#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kLogin = "/realms/badan_adhoc/login";

void call(Scene& scene, Duration at, const AppCall& what) {
    const Timestamp time = scene.start + at;
    scene.script.line(time, std::string(kApplicationLog), app_line(time, what));
}

void stuffing(Scene& scene) {
    for (int i = 0; i < 240; ++i)
        call(scene, seconds{i},
             {.event = "auth.login",
              .account = "kpps" + scene.random.pick(scene.jakarta.tps()) + "a",
              .route = std::string(kLogin),
              .status = 401,
              .ip = "203.0.113.66",
              .device = "stuff01",
              .more = R"("deviceKnown":false)"});
}

void takeover(Scene& scene) {
    AppCall login{.event = "auth.login",
                  .account = "ppk.317104",
                  .route = std::string(kLogin),
                  .status = 401,
                  .ip = "198.51.100.31",
                  .device = "new-77",
                  .more = R"("role":"ppk","scope":"317104","deviceKnown":false,"asn":64500)"};
    for (int i = 0; i < 6; ++i) call(scene, seconds{40 * i}, login);
    login.status = 200;
    call(scene, seconds{260}, login);
}

void enumeration(Scene& scene) {
    for (int i = 0; i < 60; ++i)
        call(scene, seconds{3 * i},
             {.event = "tps.view",
              .account = "kpps3173011001009a",
              .route = "/tps",
              .ip = "198.51.100.32",
              .device = "enum-1",
              .tps = scene.jakarta.tps()[static_cast<std::size_t>(i)],
              .more = R"("role":"kpps","scope":"3173011001009")"});
}

void code_flood(Scene& scene) {
    for (int i = 0; i < 12; ++i)
        call(scene, seconds{20 * i},
             {.event = "otp.request",
              .account = "",
              .route = "/otp/request",
              .ip = "203.0.113.67",
              .more = R"("subject":"9f2c11aa","attested":true)"});
}

void role_granted(Scene& scene) {
    call(scene, Duration{0},
         {.event = "admin.role.grant",
          .account = "admin.bayu",
          .route = "/admin/akun/peran",
          .ip = "10.20.0.44",
          .more = R"("targetAccount":"op.joko","targetRole":"admin-provinsi")"});
}

void resets(Scene& scene) {
    for (int i = 0; i < 15; ++i)
        call(scene, seconds{20 * i},
             {.event = "admin.password.reset",
              .account = "admin.tono",
              .route = "/admin/akun/reset",
              .ip = "10.20.0.45",
              .more =
                  fmt::format(R"("targetAccount":"kpps.{}","area":"317101","scope":"3171")", i)});
}

void two_devices(Scene& scene) {
    for (const bool stolen : {false, true})
        call(scene, seconds{stolen ? 45 : 0},
             {.event = "rekap.view",
              .account = "ppk.317105",
              .route = "/recap/pkwkp/view",
              .ip = stolen ? "203.0.113.68" : "10.31.1.25",
              .device = stolen ? "d-zz" : "d-aa",
              .tps = "3171051001001",
              .more = R"("role":"ppk","scope":"317105","session":"s-91")"});
}

/// A carrier's address: thousands of phones behind it, one login in twenty mistyped.
void carrier(Scene& scene) {
    for (int i = 0; i < 1500; ++i) {
        const bool mistyped = i % 20 == 0;
        call(scene, std::chrono::milliseconds{400 * i},
             {.event = "auth.login",
              .account = "kpps" + scene.random.pick(scene.jakarta.tps()) + "a",
              .route = std::string(kLogin),
              .status = mistyped ? 401 : 200,
              .ip = "114.4.78.10",
              .device = fmt::format("phone-{}", i),
              .more = R"("deviceKnown":true)"});
    }
}

void forgotten_password(Scene& scene) {
    AppCall login{.event = "auth.login",
                  .account = "ppk.317106",
                  .route = std::string(kLogin),
                  .status = 401,
                  .ip = "10.31.1.26",
                  .device = "own-26",
                  .more = R"("role":"ppk","scope":"317106","deviceKnown":true)"};
    for (int i = 0; i < 6; ++i) call(scene, seconds{15 * i}, login);
    login.status = 200;
    call(scene, seconds{120}, login);
}

/// An administrator makes another one, and a second person approves.
void approved_role(Scene& scene) {
    call(
        scene, Duration{0},
        {.event = "admin.role.grant",
         .account = "admin.budi",
         .route = "/admin/akun/peran",
         .ip = "10.20.0.46",
         .more = R"("targetAccount":"op.siti","targetRole":"admin-kota","approver":"admin.rini")"});
}

}  // namespace

std::vector<Scenario> account_scenarios() {
    return {
        {"credential-stuffing",
         "A list of stolen passwords is tried on 240 accounts",
         false,
         minutes{65},
         minutes{12},
         {"Logins of many accounts fail from one address", "anomaly:password-spraying",
          "anomaly:brute-force", "anomaly:login-failure-ratio"},
         {"kpu", "bssn"},
         {"203.0.113.66"},
         stuffing},
        {"account-takeover",
         "An account is guessed and entered from a new device",
         false,
         minutes{95},
         minutes{15},
         {"Login on a new device after failed ones"},
         {"kpu", "bssn"},
         {"ppk.317104", "198.51.100.31"},
         takeover},
        {"tps-enumeration",
         "An account of one TPS walks through sixty others",
         false,
         minutes{110},
         minutes{12},
         {"TPS outside the own area opened one after the other"},
         {"kpu", "bssn"},
         {"kpps3173011001009a", "198.51.100.32"},
         enumeration},
        {"code-flood",
         "One telephone gets one-time codes without end",
         false,
         minutes{125},
         minutes{10},
         {"One telephone number flooded with codes"},
         {"kpu", "bssn"},
         {"203.0.113.67", "9f2c11aa"},
         code_flood},
        {"role-granted",
         "An administrator makes another one alone",
         false,
         minutes{205},
         minutes{5},
         {"Administrator made without a second person"},
         {"kpu", "bssn"},
         {"admin.bayu"},
         role_granted},
        {"mass-reset",
         "Passwords of fifteen officers are reset by one administrator",
         false,
         minutes{220},
         minutes{10},
         {"Passwords of many accounts reset by one administrator"},
         {"kpu", "bssn"},
         {"admin.tono"},
         resets},
        {"stolen-session",
         "One session is used on two devices at once",
         false,
         minutes{235},
         minutes{5},
         {"One session on two devices"},
         {"kpu", "bssn"},
         {"ppk.317105", "s-91"},
         two_devices},
        {"carrier-address",
         "Thousands of officers log in behind one address of a carrier",
         true,
         minutes{75},
         minutes{20},
         {"Logins of many accounts fail from one address", "anomaly:password-spraying",
          "anomaly:brute-force"},
         {},
         {"114.4.78.10"},
         carrier},
        {"forgotten-password",
         "An officer mistypes six times on the own device",
         true,
         minutes{140},
         minutes{15},
         {"Login on a new device after failed ones"},
         {},
         {"ppk.317106", "10.31.1.26"},
         forgotten_password},
        {"approved-role",
         "A second person approves a new administrator",
         true,
         minutes{215},
         minutes{5},
         {"Administrator made without a second person"},
         {},
         {"op.siti"},
         approved_role},
    };
}

}  // namespace kentongan::drill
