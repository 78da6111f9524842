#pragma once
// What settings say about the workflow of results, as its detectors take it.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/ip.hpp"
#include "daemon/detect/sirekap/election.hpp"
#include "daemon/detect/sirekap/workflow/change_windows.hpp"

namespace kentongan::sirekap {

class Assignments;
class TpsPositions;

/// A voting day of some areas besides the election's: repeated (PSU), or continued or postponed.
struct VotingDay {
    std::vector<std::string> areas;  ///< codes of 2 to 13 characters
    Timestamp day{};                 ///< midnight of the day, as if it were UTC
    bool instead = false;            ///< it was voted on this day only
};

struct WorkflowOptions {
    ChangeWindows windows;
    Election election = Election::named("pilkada2024").value();
    std::vector<VotingDay> voting_days;
    std::shared_ptr<const Assignments> assignments;  ///< null: unknown
    std::shared_ptr<const TpsPositions> positions;   ///< null: unknown
    bool rehearsal = false;  ///< a training or simulation: forms before the close are meant to be

    /// Roles by the level they work for; a role not named here is not judged, and one that begins
    /// with a technical role has no part in the workflow.
    std::vector<std::string> tps_roles{"kpps"};
    std::vector<std::string> kecamatan_roles{"ppk"};
    std::vector<std::string> higher_roles{"kpu_kab", "kpu_kota", "kpu_prov", "kpu_ri", "kpu"};
    std::vector<std::string> technical_roles{"admin", "dba", "support", "auditor", "svc"};

    std::vector<std::string> result_tables{"hasil", "suara",     "rekap",   "formc",
                                           "formd", "penetapan", "tungsura"};
    std::vector<std::string> application_accounts{"app", "sirekap", "sirekap_app"};
    std::vector<std::string> application_hosts{"10.10.0.0/24", "127.0.0.0/8", "::1/128"};
    bool require_key = false;  ///< every write of the application names its request or transaction
    Duration join_window = std::chrono::seconds{30};

    std::vector<std::string> placeholder_hashes;  ///< SHA-256 of pictures that say "none yet"

    std::size_t bulk_tps = 10;  ///< edited by one account within a minute
    Duration quick_decision = std::chrono::seconds{5};
    std::int64_t verified_per_hour = 120;
    double regularity = 0.05;

    std::int64_t table_entries = 100000;   ///< accounts, devices, TPS with recent changes
    std::int64_t tps_entries = 1000000;    ///< TPS whose stage is known
    std::int64_t image_entries = 1000000;  ///< hashes of pictures remembered
    std::uint64_t seed = 0;
};

}  // namespace kentongan::sirekap
