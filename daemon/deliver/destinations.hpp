#pragma once
// Destinations: the table from agency to destinations, each with its form, and the bodies that an
// alert becomes for them. Pure and immutable; safe from any thread.
#include <memory>
#include <string>
#include <vector>

#include "daemon/alert/routing.hpp"
#include "daemon/deliver/format/format.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

struct Destination {
    std::string name;
    std::string agency;
    BodyFormat format = BodyFormat::kentongan;
    bool in_syslog = false;  ///< the format is inside a syslog message
    bool resolves = false;   ///< is told when an alert is over (Alertmanager)
    bool heartbeat = false;  ///< gets a sign of life each minute
    Severity minimum = Severity::info;
    std::vector<std::string> classes{};  ///< only these; empty: all
    std::vector<std::string> except{};
    FormatSettings form{};
};

/// People and machines about whom, as insiders, some destinations are not told.
struct Unit {
    std::vector<std::string> users;  ///< * stands for any characters
    std::vector<std::string> hosts;
    std::vector<std::string> destinations;
};

class Destinations {
  public:
    Destinations() = default;
    explicit Destinations(std::vector<Destination> all, std::vector<Unit> units = {})
        : all_(std::move(all)), units_(std::move(units)) {}

    /// What each destination of the route's agency gets, with final bodies. An agency without a
    /// destination gets the webhook's form under its own name: it waits in the store until there
    /// is one. A critical alert goes in the lane that overtakes. No destination hears of its own
    /// failure (class delivery, whose entity is the destination).
    [[nodiscard]] std::vector<NewDelivery> messages(const Alert& alert, const Route& route,
                                                    std::string_view type) const;
    /// For those that want to know that an alert is over.
    [[nodiscard]] std::vector<NewDelivery> endings(const Alert& alert, const Route& route) const;
    /// Figures for those of the agency that can carry them: all but the ones whose `classes` or
    /// `except` say otherwise of "figures".
    [[nodiscard]] std::vector<NewDelivery> figures(const std::string& agency,
                                                   const boost::json::object& figures,
                                                   bool exercise) const;
    /// A sign of life for each that can carry one.
    [[nodiscard]] std::vector<NewDelivery> heartbeats(Timestamp now, bool exercise) const;
    [[nodiscard]] const std::vector<Destination>& all() const { return all_; }

  private:
    [[nodiscard]] bool wants(const Destination& to, const Alert& alert) const;
    [[nodiscard]] bool concerns_itself(const Destination& to, const Alert& alert) const;

    std::vector<Destination> all_;
    std::vector<Unit> units_;
};

/// Whether `text` fits a pattern in which * stands for any characters; case does not matter.
[[nodiscard]] bool fits_pattern(std::string_view text, std::string_view pattern);

}  // namespace kentongan
