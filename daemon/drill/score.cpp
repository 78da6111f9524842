// Whose an alert is, and what that makes of each scenario.
#include "daemon/drill/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace kentongan::drill {

namespace json = boost::json;

namespace {

/// Clocks of logs show whole seconds.
constexpr Duration kGrain = std::chrono::seconds{2};

bool is_of_rules(const Scenario& scenario, const SeenAlert& alert) {
    return std::ranges::any_of(scenario.rules, [&](std::string_view rule) {
        return rule == alert.rule_id || rule == alert.rule_name;
    });
}

bool is_card(const Scenario& scenario, const SeenAlert& alert) {
    return std::ranges::find(scenario.cards, alert.rule_id) != scenario.cards.end();
}

bool has_mark(const Scenario& scenario, const SeenAlert& alert) {
    return std::ranges::any_of(scenario.marks, [&](std::string_view mark) {
        return alert.text.find(mark) != std::string::npos;
    });
}

bool is_in_time(const Scenario& scenario, const SeenAlert& alert, Timestamp close) {
    const Timestamp start = close + scenario.begins;
    return alert.last_seen >= start - kGrain && alert.first_seen <= start + scenario.patience;
}

bool is_answer(const Scenario& scenario, const SeenAlert& alert, Timestamp close) {
    return is_of_rules(scenario, alert) && is_in_time(scenario, alert, close) &&
           (scenario.marks.empty() || has_mark(scenario, alert));
}

bool is_explained(const Scenario& attack, const SeenAlert& alert, Timestamp close) {
    return has_mark(attack, alert) || is_answer(attack, alert, close);
}

class Judge {
  public:
    Judge(std::span<const Scenario* const> played, std::span<const SeenAlert> alerts,
          Timestamp close, bool deliveries)
        : played_(played), alerts_(alerts), close_(close), deliveries_(deliveries) {}

    Score judge() {
        Score out;
        out.alerts = alerts_.size();
        for (const Scenario* scenario : played_)
            out.scenarios.push_back(scenario->benign ? benign(*scenario) : attack(*scenario));
        for (const SeenAlert& alert : alerts_) {
            if (!alert.exercise) out.unmarked.push_back(&alert);
            if (alert.severity >= Severity::medium && !is_due(alert))
                out.false_alarms.push_back(&alert);
        }
        return out;
    }

  private:
    /// An attack's, or the card that rightly tells of something harmless.
    bool is_due(const SeenAlert& alert) const {
        return std::ranges::any_of(played_, [&](const Scenario* one) {
            if (is_card(*one, alert) && is_in_time(*one, alert, close_)) return true;
            return !one->benign && is_explained(*one, alert, close_);
        });
    }

    ScenarioScore attack(const Scenario& scenario) const {
        ScenarioScore out;
        out.scenario = &scenario;
        const Timestamp start = close_ + scenario.begins;
        for (const SeenAlert& alert : alerts_) {
            if (!is_answer(scenario, alert, close_)) continue;
            out.alerts.push_back(&alert);
            const Duration after = std::max(alert.created - start, Duration{0});
            if (!out.detected || after < *out.detected) out.detected = after;
            for (const auto& [agency, when] : alert.told) {
                const Duration told = std::max(when - start, Duration{0});
                const auto [known, first] = out.agencies.emplace(agency, told);
                if (!first) known->second = std::min(known->second, told);
            }
        }
        if (!out.detected) out.why = "no alert of its rules";
        for (const std::string_view agency : scenario.agencies)
            if (out.detected && deliveries_ && !out.agencies.contains(std::string(agency)))
                out.why += fmt::format("{}{} was not told", out.why.empty() ? "" : "; ", agency);
        out.passed = out.why.empty();
        return out;
    }

    ScenarioScore benign(const Scenario& scenario) const {
        ScenarioScore out;
        out.scenario = &scenario;
        for (const SeenAlert& alert : alerts_) {
            const bool loud = alert.severity >= Severity::medium && has_mark(scenario, alert);
            const bool mistaken = is_answer(scenario, alert, close_);
            if ((loud || mistaken) && !is_due(alert)) out.alerts.push_back(&alert);
        }
        if (!out.alerts.empty())
            out.why = fmt::format("taken for an attack: {}", out.alerts.front()->rule_name);
        out.passed = out.why.empty();
        return out;
    }

    std::span<const Scenario* const> played_;
    std::span<const SeenAlert> alerts_;
    Timestamp close_;
    bool deliveries_;
};

json::object brief(const SeenAlert& alert) {
    return {{"id", alert.id},
            {"rule", alert.rule_id},
            {"name", alert.rule_name},
            {"severity", name_of(alert.severity)},
            {"message", alert.message}};
}

json::array briefs(const std::vector<const SeenAlert*>& alerts) {
    json::array out;
    for (const SeenAlert* alert : alerts) out.push_back(brief(*alert));
    return out;
}

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value == nullptr || !value->is_string() ? std::string{}
                                                   : std::string(value->get_string());
}

}  // namespace

Result<SeenAlert> SeenAlert::of(const json::value& value) {
    SeenAlert out;
    try {
        const auto& alert = value.as_object();
        const auto& rule = alert.at("rule").as_object();
        const auto& kentongan = alert.at("kentongan").as_object();
        const auto& labels = alert.at("labels").as_object();
        out.id = text_at(alert.at("event").as_object(), "id");
        out.rule_id = text_at(rule, "id");
        out.rule_name = text_at(rule, "name");
        out.message = text_at(alert, "message");
        out.severity = parse_severity(text_at(labels, "severity")).value_or(Severity::info);
        out.exercise = text_at(labels, "exercise") == "true";
        const auto time = [](const std::string& text) {
            return parse_rfc3339(text).value_or(Timestamp{});
        };
        out.first_seen = time(text_at(kentongan, "first_seen"));
        out.last_seen = time(text_at(kentongan, "last_seen"));
        out.created = time(text_at(alert.at("event").as_object(), "created"));
        out.text = json::serialize(value);
    } catch (const std::exception& e) {
        return fail(ErrorCode::data, "an alert is not in the expected form: {}", e.what());
    }
    return out;
}

bool Score::passed() const {
    return false_alarms.empty() && unmarked.empty() && passed_scenarios() == scenarios.size();
}

std::size_t Score::passed_scenarios() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(scenarios, [](const ScenarioScore& one) { return one.passed; }));
}

Score score_of(std::span<const Scenario* const> played, std::span<const SeenAlert> alerts,
               Timestamp close, bool deliveries) {
    return Judge{played, alerts, close, deliveries}.judge();
}

json::object to_json(const Score& score) {
    json::array scenarios;
    for (const ScenarioScore& one : score.scenarios) {
        json::object agencies;
        for (const auto& [agency, after] : one.agencies) agencies[agency] = to_seconds(after);
        json::object row{
            {"scenario", one.scenario->name},    {"title", one.scenario->title},
            {"benign", one.scenario->benign},    {"passed", one.passed},
            {"detected_after_seconds", nullptr}, {"told_after_seconds", std::move(agencies)},
            {"alerts", briefs(one.alerts)}};
        if (one.detected) row["detected_after_seconds"] = to_seconds(*one.detected);
        if (!one.why.empty()) row["why"] = one.why;
        scenarios.push_back(std::move(row));
    }
    return {{"passed", score.passed()},           {"scenarios_passed", score.passed_scenarios()},
            {"scenarios", std::move(scenarios)},  {"false_alarms", briefs(score.false_alarms)},
            {"unmarked", briefs(score.unmarked)}, {"alerts", score.alerts}};
}

namespace {

/// What a night that goes on lets us say of a scenario.
std::string_view state_of(const ScenarioScore& one, Timestamp close, Timestamp now) {
    const Timestamp begins = close + one.scenario->begins;
    const bool over = now > begins + one.scenario->patience;
    if (one.scenario->benign && !one.passed) return "alarm";
    if (!one.scenario->benign && one.detected) return "detected";
    if (now < begins) return "upcoming";
    if (!over) return "running";
    return one.scenario->benign ? "quiet" : "missed";
}

}  // namespace

json::object to_json(const Score& score, Timestamp close, Timestamp now, bool running) {
    json::object out = to_json(score);
    json::array& rows = out["scenarios"].as_array();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const ScenarioScore& one = score.scenarios[i];
        json::object& row = rows[i].as_object();
        row["begins"] = to_rfc3339(close + one.scenario->begins, 0);
        row["until"] = to_rfc3339(close + one.scenario->begins + one.scenario->patience, 0);
        row["state"] = state_of(one, close, now);
    }
    out["time"] = to_rfc3339(now, 0);
    out["running"] = running;
    return out;
}

}  // namespace kentongan::drill
