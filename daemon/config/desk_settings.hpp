#pragma once
// Settings of the alert desk: merging, severity, storms, budgets and the election's phases.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/config/allowed.hpp"

namespace kentongan {

struct AlertSettings {
    bool operator==(const AlertSettings&) const = default;
    std::int64_t merge_seconds = 600;
    std::int64_t corroboration = 3;
    std::int64_t corroboration_seconds = 1800;
    std::int64_t storm_alerts = 300;
    std::int64_t storm_seconds = 600;

    void visit(this auto& self, auto& v) {
        v("merge_seconds", self.merge_seconds,
          "findings of one rule about one entity this close in event time are one alert",
          within(0, 86400));
        v("corroboration", self.corroboration,
          "so many independent detectors or inputs that tell of one entity or address lift each of "
          "their alerts one step; 0: none do",
          within(0, 16));
        v("corroboration_seconds", self.corroboration_seconds, "within so long of each other",
          within(1, 86400));
        v("storm_alerts", self.storm_alerts,
          "new alerts of one rule or from one network within storm_seconds, after which those "
          "below "
          "high go into one alert of the storm; 0: never",
          within(0, 1'000'000));
        v("storm_seconds", self.storm_seconds, "the time over which they are counted",
          within(1, 86400));
    }
};

struct BudgetSettings {
    bool operator==(const BudgetSettings&) const = default;
    std::int64_t alerts_an_hour = 1000;
    std::map<std::string, std::string> rules;

    void visit(this auto& self, auto& v) {
        v("alerts_an_hour", self.alerts_an_hour,
          "alerts of one rule that people are told of in an hour; those beyond it and below high "
          "are stored, and told as one number; 0: no limit",
          within(0, 1'000'000));
        v("rules", self.rules, "budgets of single rules: rule id = \"alerts an hour\"");
    }
};

struct AssetSettings {
    bool operator==(const AssetSettings&) const = default;
    std::vector<std::string> hosts;
    std::vector<std::string> networks;
    std::string criticality = "high";

    void visit(this auto& self, auto& v) {
        v("hosts", self.hosts, "names of its machines as alerts have them");
        v("networks", self.networks, "its networks, such as 10.10.0.0/24", network());
        v("criticality", self.criticality,
          "high: findings about it below high are one step more severe; critical: all but info are",
          one_of({"normal", "high", "critical"}));
    }
};

struct PhaseSettings {
    bool operator==(const PhaseSettings&) const = default;
    std::string begins;
    std::string ends;
    std::string what;
    std::vector<std::string> tighten;
    std::vector<std::string> loosen;
    double budget_factor = 1;
    std::map<std::string, std::string> thresholds;
    bool change_freeze = false;
    bool two_person = false;
    bool retention_hold = false;

    void visit(this auto& self, auto& v) {
        v("begins", self.begins, "when it begins", instant());
        v("ends", self.ends, "when it is over; of phases that overlap, the last begun governs",
          instant());
        v("what", self.what, "one line for people");
        v("tighten", self.tighten,
          "rule classes or ids whose findings are one step more severe in it");
        v("loosen", self.loosen, "rule classes or ids whose findings are one step less severe");
        v("budget_factor", self.budget_factor, "times the rules' budgets", within(0.01, 100));
        v("thresholds", self.thresholds,
          "numbers of other tables while it lasts, as in \"anomaly.scan_ports\" = \"50\": "
          "limits of [anomaly], alerts.storm_alerts, budget.alerts_an_hour");
        v("change_freeze", self.change_freeze,
          "a change of settings, rules or watched files is told as an alert of its own");
        v("two_person", self.two_person,
          "suppressing, closing a critical alert and pausing a destination take a second person; "
          "other settings, rules, tokens or accounts, by a reload or over a restart, take two");
        v("retention_hold", self.retention_hold, "nothing is deleted for its age");
    }
};

}  // namespace kentongan
