#pragma once
// A package of one alert out of a sample history.
#include <boost/json.hpp>

#include "daemon/ledger/evidence_export.hpp"
#include "tests/unit/ledger/sample_history.hpp"

namespace kentongan::ledger {

inline Alert sample_alert(int number) {
    Alert out;
    out.id = fmt::format("01JTEST{:019}", number);
    auto rule = std::make_shared<Rule>();
    rule->id = "sample:rule";
    rule->name = "<Sample> & rule";
    out.rule = rule;
    out.message = "a message";
    out.first_seen = out.last_seen = out.created = SampleHistory::when(0);
    out.count = 1;
    out.evidence.push_back({"log", "auth.log", 0, std::string(64, 'a'), "Failed password"});
    return out;
}

/// The history has other entries before and after the alert's.
inline Result<std::string> sample_package(SampleHistory& history) {
    const Alert alert = sample_alert(1);
    const std::string salt = new_salt();
    while (history.entries.size() < 300)
        history.entries.push_back(SampleHistory::entry(history.entries.size()));
    history.entries.push_back(alert_entry(alert, boost::json::serialize(to_json(alert)),
                                          AlertEvent::created, salt, SampleHistory::when(300)));
    history.entries.push_back(action_entry(
        {.who = "budi", .what = "acknowledge", .object = "alert:" + alert.id, .why = "seen"}, salt,
        SampleHistory::when(301)));
    history.grow(700);
    PackageRequest request;
    request.who = "siti";
    request.why = "case 7";
    request.to = "polri";
    request.tool = "test";
    request.at = SampleHistory::when(700);
    PackagedAlert packaged;
    packaged.id = alert.id;
    packaged.json = boost::json::serialize(to_json(alert));
    packaged.salts = {salt};
    auto entries = entries_about(history.folder(), {alert.id});
    if (!entries) return std::unexpected(entries.error());
    packaged.entries = (*entries)[alert.id];
    request.alerts.push_back(std::move(packaged));
    request.verifier = verifier_program();
    return make_package(request, history.folder(), &history.key);
}

}  // namespace kentongan::ledger
