#pragma once
// Seals: what the history says of each alert, to hold the database's alerts against.
#include <array>
#include <boost/json/fwd.hpp>
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

/// A message of the outbox about an alert, or with figures.
struct StoredMessage {
    std::string alert;  ///< id; "figures"
    std::string to;
    std::string type;
    std::string body;
    std::vector<std::string> salts;  ///< of the alert; of "figures"
};

/// What became of a message, as the database has it.
struct StoredReceipt {
    enum class State { waiting, delivered, dead } state = State::waiting;
    std::string alert;  ///< id; empty: the message is of none
    std::string to;
    std::int64_t message = 0;
    Timestamp at{};
    std::string detail;
    std::vector<std::string> salts;  ///< of "receipts"
};

/// A case, suppression or approval as the database has it.
struct StoredObject {
    std::string object;  ///< "case:ID", "suppression:ID", "approval:ID"
    std::string content;
    std::vector<std::string> salts;
};

/// What an act on an alert leaves behind, for Act::detail_hash.
[[nodiscard]] std::string alert_place(std::string_view reason, std::string_view assignee,
                                      std::string_view case_id);

/// Fed with every entry in order; about 400 bytes of memory for each alert and each act, and 60 for
/// each message.
class Seals {
  public:
    void read(std::uint64_t index, std::string_view entry);
    /// Problems of one alert of the database.
    void check(const StoredSeal& alert, Problems& problems);
    void check(const StoredAct& act, Problems& problems);
    void check(const StoredObject& object, Problems& problems);
    void check(const StoredMessage& message, Problems& problems);
    void check(const StoredReceipt& receipt, Problems& problems);
    /// What is in the history and check() has not seen; to be called last.
    void check_dropped(Problems& problems) const;

    [[nodiscard]] std::size_t alerts() const { return seals_.size(); }
    /// Alerts whose salts were destroyed, with an entry that says so.
    [[nodiscard]] std::uint64_t erased() const { return erased_; }

  private:
    using Message = std::array<std::uint64_t, 2>;  // half of a hash
    static Message half_of(std::string_view hash);
    static Message message_key(std::string_view to, std::string_view type, std::string_view body);
    struct Seal {
        std::string digest;       // 32 bytes, of the newest entry
        std::uint64_t entry = 0;  // that has it
        std::uint64_t revision = 1;
        std::string state{};
        std::string detail{};   // of the newest act that has one
        std::uint64_t act = 0;  // the entry that says so
        bool erased = false;
        bool anew = false;  // sealed once more, as the erasure left it
        bool seen = false;
        bool says_told = false;  // its entries say which messages there are
        std::vector<Message> told{};
        std::uint64_t messages = 0;  // how many they say there are, less those that were seen
    };
    struct Act {
        std::string object;
        std::uint64_t entry = 0;
    };
    struct Object {
        std::string detail{};
        std::uint64_t act = 0;
        bool seen = false;
    };
    void read_act(std::uint64_t index, const boost::json::object& entry);
    void read_told(Seal& seal, const boost::json::object& entry) const;
    /// Whether an entry sealed it; each message counts once.
    static bool take_told(Seal& seal, const StoredMessage& message);
    void read_receipts(std::uint64_t index, const boost::json::object& entry);
    void read_erasure(std::uint64_t index, const boost::json::object& entry);
    void check_place(const StoredSeal& alert, const Seal& seal, Problems& problems) const;
    /// By an entry behind `entry`: what that one says can no longer be proved.
    [[nodiscard]] bool is_erased_after(const std::string& object, std::uint64_t entry) const;

    std::unordered_map<std::string, Seal> seals_;
    std::unordered_multimap<std::string, Act> acts_;  // by a hash of all of it
    std::unordered_map<std::string, Object> objects_;
    struct Receipt {
        Message hash{};
        std::uint64_t entry = 0;
    };
    std::unordered_map<std::int64_t, Receipt> receipts_;         // the newest of each message
    std::unordered_map<std::string, std::uint64_t> sent_again_;  // destination -> newest entry
    Seal figures_;                                               // of no alert: for its messages
    struct Erasure {
        std::uint64_t entry = 0;  // the newest
        Timestamp at{};
    };
    std::unordered_map<std::string, Erasure> erased_objects_;
    std::uint64_t erased_ = 0;
};

}  // namespace kentongan::ledger
