#pragma once
// Figures: how many alerts of each kind a day had, for agencies that hear no more of a class than
// that (`daily` in the routing file). Pure.
#include <array>
#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/alert/routing.hpp"

namespace kentongan {

class Figures {
  public:
    static constexpr std::size_t kMaximumRules = 1000;  ///< of a class; the rest is one number
    static constexpr std::size_t kMaximumNetworks = 4096;
    static constexpr std::size_t kMaximumText = 16'000;  ///< bytes of JSON

    /// Of the time from `from` to before `until`; hours and dates are of a clock `offset` ahead of
    /// UTC.
    Figures(std::shared_ptr<const Routing> routing, Timestamp from, Timestamp until,
            std::chrono::seconds offset);

    /// In the hour in which it was raised, at its present severity.
    void count(const Alert& alert);

    /// Who gets figures.
    [[nodiscard]] std::vector<std::string> agencies() const;
    /// {"date", "from", "until", "tlp", "classes": {NAME: …}} for one of them. No text, entity,
    /// account or address of an alert is in it: rule ids, numbers, and networks with how many
    /// alerts each was in, where the row has `prefix`. `tlp` is the most closed of the rows'. What
    /// exercises raised is in `exercise` of a class; alerts of storms and suppressed ones are in no
    /// other number.
    [[nodiscard]] boost::json::object of(const std::string& agency) const;

  private:
    struct Counts {
        std::uint64_t alerts = 0;
        std::array<std::uint64_t, 5> severity{};
        std::array<std::uint64_t, 24> hours{};
        std::map<std::string, std::uint64_t> rules{};
        std::map<std::string, std::uint64_t> networks{};
        std::uint64_t storms = 0;
        std::uint64_t in_storms = 0;
        std::uint64_t suppressed = 0;
    };
    struct OfClass {
        Tlp tlp = Tlp::red;
        Counts real{};
        Counts exercise{};
    };
    void count_in(Counts& counts, const Alert& alert, const Route& row) const;
    [[nodiscard]] static boost::json::object json_of(const Counts& counts, std::size_t listed);
    [[nodiscard]] boost::json::object with_lists_of(const std::string& agency,
                                                    std::size_t listed) const;

    std::shared_ptr<const Routing> routing_;
    Timestamp from_;
    Timestamp until_;
    std::chrono::seconds offset_;
    std::map<std::string, std::map<std::string, OfClass>> agencies_;
};

}  // namespace kentongan
