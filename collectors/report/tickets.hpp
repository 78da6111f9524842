#pragma once
// Tickets: the states that people may ask for with their two codes.
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "collectors/report/page.hpp"

namespace kentongan::report {

/// At most `most` of them, the newest; the journal has all. One thread.
class Tickets {
  public:
    explicit Tickets(std::size_t most) : most_(most) {}

    void add(const Report& report, std::string key_hash);
    void quarantined(std::string_view ticket);
    /// Null unless both codes are right, as people type them.
    [[nodiscard]] const TicketState* find(std::string_view ticket, std::string_view secret) const;
    [[nodiscard]] bool knows(std::string_view ticket) const;
    [[nodiscard]] std::size_t size() const { return states_.size(); }

    /// What is kept of a secret.
    [[nodiscard]] static std::string hash_of(std::string_view secret);

  private:
    struct Kept {
        TicketState state;
        std::string key_hash;
    };
    std::size_t most_;
    std::unordered_map<std::string, Kept> states_;  // by normal_code of the ticket
    std::deque<std::string> by_age_;
};

}  // namespace kentongan::report
