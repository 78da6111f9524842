#pragma once
// Settings of the election and of how results go through Sirekap.
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/allowed.hpp"

namespace kentongan {

struct SirekapSettings {
    bool operator==(const SirekapSettings&) const = default;
    std::string register_file;
    std::string assignments;
    std::string election = "pilkada2024";
    std::string polling_day;
    std::string close;
    std::int64_t upload_target_hours = 0;
    std::int64_t coverage_target_percent = 0;
    std::int64_t maximum_voters = 0;
    std::vector<std::string> islands;
    std::string race;
    std::int64_t pages = 0;
    std::int64_t coverage_step_percent = 25;
    std::string signing_key_file;

    void visit(this auto& self, auto& v) {
        v("register", self.register_file,
          "the TPS: a CSV (tps,name,dpt or Sirekap's kelurahan list), a file of Sirekap's region "
          "list (wilayah) or a folder of them");
        v("assignments", self.assignments,
          "CSV of who may upload for which TPS: tps,account,device; empty: counts alone are judged",
          readable_file());
        v("election", self.election, "profile of the election",
          one_of({"pilkada2024", "pemilu2024"}));
        v("polling_day", self.polling_day, "such as 2024-11-27; empty: the profile's");
        v("close", self.close,
          "when the polls close, local time such as 13:00; empty: the profile's");
        v("upload_target_hours", self.upload_target_hours,
          "hours after the close by which forms should be there; 0: the profile's", within(0, 720));
        v("coverage_target_percent", self.coverage_target_percent,
          "share of an ordinary area's TPS that should be there by then; 0: the profile's",
          within(0, 100));
        v("maximum_voters", self.maximum_voters, "voters of a TPS at most; 0: the profile's",
          within(0, 10000));
        v("islands", self.islands,
          "codes of provinces and kabupaten of islands, with a target of their own; none: the "
          "profile's");
        v("race", self.race,
          "whose forms make the coverage, such as pkwkp or ppwp; empty: the "
          "profile's first");
        v("pages", self.pages, "pages of its form; 0: the profile's", within(0, 32));
        v("coverage_step_percent", self.coverage_step_percent,
          "an informational alert each time a kecamatan's coverage passes a multiple of this",
          within(1, 100));
        v("signing_key_file", self.signing_key_file,
          "Ed25519 key that signs what is recorded of stalls; empty: the systemd credential "
          "sirekap-signing-key, or unsigned",
          readable_file());
    }
};

struct WorkflowSettings {
    bool operator==(const WorkflowSettings&) const = default;
    std::string positions;
    bool rehearsal = false;
    std::vector<std::string> tps_roles{"kpps"};
    std::vector<std::string> kecamatan_roles{"ppk"};
    std::vector<std::string> higher_roles{"kpu_kab", "kpu_kota", "kpu_prov", "kpu_ri", "kpu"};
    std::vector<std::string> technical_roles{"admin", "dba", "support", "auditor", "svc"};
    std::vector<std::string> result_tables{"hasil", "suara",     "rekap",   "formc",
                                           "formd", "penetapan", "tungsura"};
    std::vector<std::string> application_accounts{"app", "sirekap", "sirekap_app"};
    std::vector<std::string> application_hosts{"10.10.0.0/24", "127.0.0.0/8", "::1/128"};
    bool require_request = false;
    std::int64_t join_seconds = 30;
    std::vector<std::string> placeholder_hashes;
    std::int64_t bulk_tps = 10;
    std::int64_t quick_seconds = 5;
    std::int64_t verified_per_hour = 120;
    double regularity = 0.05;
    std::int64_t table_entries = 100000;
    std::int64_t tps_entries = 1000000;
    std::int64_t image_entries = 1000000;

    void visit(this auto& self, auto& v) {
        v("positions", self.positions, "CSV of where the TPS stand: tps,latitude,longitude",
          readable_file());
        v("rehearsal", self.rehearsal,
          "a training or simulation: forms before the polls close are meant to be");
        v("tps_roles", self.tps_roles, "roles of the polling stations in the application's log");
        v("kecamatan_roles", self.kecamatan_roles, "roles of the kecamatan");
        v("higher_roles", self.higher_roles, "roles of the offices above it");
        v("technical_roles", self.technical_roles,
          "what roles begin with that have no part in the workflow");
        v("result_tables", self.result_tables,
          "words between points and underscores in the names of the database's tables of results");
        v("application_accounts", self.application_accounts,
          "accounts with which the application writes results to its database");
        v("application_hosts", self.application_hosts,
          "networks from which it does, such as 10.10.0.0/24");
        v("require_request", self.require_request,
          "true: the application names its request in every write, so one without is told");
        v("join_seconds", self.join_seconds,
          "a write to the database and its event of the application are at most so far apart",
          within(1, 3600));
        v("placeholder_hashes", self.placeholder_hashes,
          "SHA-256 of pictures that stand for a form that is not there yet");
        v("bulk_tps", self.bulk_tps, "TPS edited by one account within a minute that are told",
          within(2, 1000));
        v("quick_seconds", self.quick_seconds, "a TPS verified sooner after opening is too quick",
          within(1, 600));
        v("verified_per_hour", self.verified_per_hour,
          "TPS verified by one account within an hour; more are told", within(1, 450));
        v("regularity", self.regularity,
          "gaps between verifications that vary less than this share are a program's",
          within(0, 1));
        v("table_entries", self.table_entries,
          "accounts, devices and TPS with recent changes that each detector remembers",
          within(100, 100'000'000));
        v("tps_entries", self.tps_entries, "TPS whose stage is followed, 16 bytes each",
          within(100, 100'000'000));
        v("image_entries", self.image_entries, "hashes of pictures remembered, 40 bytes each",
          within(100, 100'000'000));
    }
};

struct ChangeWindowSettings {
    bool operator==(const ChangeWindowSettings&) const = default;
    std::string from;
    std::string to;
    std::vector<std::string> areas;
    std::vector<std::string> accounts;
    std::string note;
    std::string approved_by;
    std::string plenary = "none";

    void visit(this auto& self, auto& v) {
        v("from", self.from, "when it begins", instant());
        v("to", self.to, "when it ends", instant());
        v("areas", self.areas, "codes of areas or TPS; none: the whole country");
        v("accounts", self.accounts, "who may change; none: anybody");
        v("note", self.note, "what was ordered, for the card that tells of it");
        v("approved_by", self.approved_by, "who ordered it", required());
        v("plenary", self.plenary,
          "none: an order to correct results; kecamatan or above: the plenary of that level is in "
          "session",
          one_of({"none", "kecamatan", "above"}));
    }
};

struct VotingDaySettings {
    bool operator==(const VotingDaySettings&) const = default;
    std::string day;
    std::vector<std::string> areas;
    bool instead = false;

    void visit(this auto& self, auto& v) {
        v("day", self.day, "the day, such as 2024-12-05", required());
        v("areas", self.areas, "codes of the areas or TPS that vote then");
        v("instead", self.instead,
          "true: they vote on this day only (PSL); false: once more (PSU)");
    }
};

}  // namespace kentongan
