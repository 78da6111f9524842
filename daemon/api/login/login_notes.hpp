#pragma once
// LoginNotes: who came in, left, used a token or was refused, as entries of the history. However
// many try, the store has one append a second, and of those turned away unheard the history gets
// numbers by address and minute.
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/base/time.hpp"
#include "daemon/store/entry_log.hpp"

namespace kentongan::api {

struct LoginEvent {
    enum class Outcome { ok, refused, limited, used, logout };
    Outcome outcome = Outcome::refused;
    std::string name;
    std::string method;   ///< password, token, certificate
    std::string address;  ///< of the peer
};

/// Entries with their salts, to be stored together.
struct NotedLogins {
    std::vector<std::string> entries{};
    std::vector<Salt> salts{};
};

/// Pure; one thread.
class LoginNotes {
  public:
    static constexpr std::size_t kMostNames = 500;      ///< noted one by one between two take()s
    static constexpr std::size_t kMostUsers = 10'000;   ///< whose hour is remembered
    static constexpr std::size_t kMostEntries = 5'000;  ///< that wait for a store that fails

    /// Whether somebody was told of it the first time: in this second, or of a token in this hour.
    bool note(const LoginEvent& event, Timestamp now);
    /// What is to be stored now; of those turned away when their minute is over, or `all`.
    [[nodiscard]] NotedLogins take(Timestamp now, bool all = false);
    /// It could not be stored: it comes with the next take(), as far as there is room. How many
    /// entries had none.
    std::size_t give_back(NotedLogins noted);

  private:
    using What = std::tuple<std::string, std::string, LoginEvent::Outcome>;  // name, method
    std::map<What, std::uint64_t> noted_;
    std::map<std::string, std::uint64_t> limited_;  // by address
    std::uint64_t limited_count_ = 0;
    Timestamp minute_{};  // in which the first of them was turned away
    boost::unordered_flat_map<std::string, Timestamp> used_;
    NotedLogins back_;
};

}  // namespace kentongan::api
