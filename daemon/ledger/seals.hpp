#pragma once
// Seals: what the history says of each alert, to hold the database's alerts against.
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daemon/ledger/history_check.hpp"

namespace kentongan::ledger {

/// An alert as the database has it.
struct StoredSeal {
    std::string id;
    std::string json;
    std::string state;
    std::uint64_t revision = 1;
    std::vector<std::string> salts;
    std::string place{};  ///< as alert_place() writes it
};

/// One act of one person as the database has it; `why` is reason, line feed, comment.
struct StoredAct {
    std::string object;
    std::string who;
    std::string what;
    std::string why;
    Timestamp at{};
    std::vector<std::string> salts;  ///< of the object
};

/// A case as the database has it.
struct StoredObject {
    std::string object;  ///< "case:ID"
    std::string content;
    std::vector<std::string> salts;
};

/// What an act on an alert leaves behind, for Act::detail_hash.
[[nodiscard]] std::string alert_place(std::string_view reason, std::string_view assignee,
                                      std::string_view case_id);

/// Fed with every entry in order; about 300 bytes of memory for each alert and each act.
class Seals {
  public:
    void read(std::uint64_t index, std::string_view entry);
    /// Problems of one alert of the database.
    void check(const StoredSeal& alert, Problems& problems);
    void check(const StoredAct& act, Problems& problems);
    void check(const StoredObject& object, Problems& problems);
    /// What is in the history and check() has not seen; to be called last.
    void check_dropped(Problems& problems) const;

    [[nodiscard]] std::size_t alerts() const { return seals_.size(); }
    /// Alerts whose salts were destroyed, with an entry that says so.
    [[nodiscard]] std::uint64_t erased() const { return erased_; }

  private:
    struct Seal {
        std::string digest;       // 32 bytes, of the newest entry
        std::uint64_t entry = 0;  // that has it
        std::uint64_t revision = 1;
        std::string state{};
        std::string detail{};   // of the newest act that has one
        std::uint64_t act = 0;  // the entry that says so
        bool erased = false;
        bool seen = false;
    };
    struct Act {
        std::string object;
        std::uint64_t entry = 0;
    };
    struct Object {
        std::string detail;
        std::uint64_t act = 0;
        bool seen = false;
    };
    void read_act(std::uint64_t index, const boost::json::object& entry);
    void check_place(const StoredSeal& alert, const Seal& seal, Problems& problems) const;
    [[nodiscard]] bool is_erased(const std::string& object) const;

    std::unordered_map<std::string, Seal> seals_;
    std::unordered_multimap<std::string, Act> acts_;  // by a hash of all of it
    std::unordered_map<std::string, Object> objects_;
    std::unordered_set<std::string> erased_objects_;
    std::uint64_t erased_ = 0;
};

}  // namespace kentongan::ledger
