#pragma once
// Seals: what the history says of each alert, to hold the database's alerts against.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
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
};

/// Fed with every entry in order; about 300 bytes of memory for each alert.
class Seals {
  public:
    void read(std::uint64_t index, std::string_view entry);
    /// Problems of one alert of the database.
    void check(const StoredSeal& alert, Problems& problems);
    /// Alerts of the history that check() has not seen; to be called last.
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
        std::uint64_t act = 0;  // the entry that says so
        bool erased = false;
        bool seen = false;
    };
    std::unordered_map<std::string, Seal> seals_;
    std::uint64_t erased_ = 0;
};

}  // namespace kentongan::ledger
