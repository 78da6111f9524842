#include "daemon/deliver/destinations.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

Urgency lane_of(const Alert& alert) {
    return alert.severity == Severity::critical ? Urgency::critical : Urgency::usual;
}

bool holds(const std::vector<std::string>& list, std::string_view item) {
    return std::ranges::find(list, item) != list.end();
}

bool fits_any(std::string_view text, const std::vector<std::string>& patterns) {
    return !text.empty() && std::ranges::any_of(patterns, [&](const std::string& pattern) {
        return fits_pattern(text, pattern);
    });
}

std::string body_for(const Destination& to, const boost::json::object& alert,
                     std::string_view type) {
    const Message message{alert, type, to.form};
    return to.in_syslog ? render_syslog(to.format, message) : render(to.format, message);
}

}  // namespace

// Iterative with one point to go back to: linear in text times pattern at worst.
bool fits_pattern(std::string_view text, std::string_view pattern) {
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t from = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.size() && ascii_lower(pattern[p]) == ascii_lower(text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

bool Destinations::concerns_itself(const Destination& to, const Alert& alert) const {
    if (alert.rule->rule_class == "delivery") return alert.entity == to.name;
    if (alert.rule->rule_class != "insider") return false;
    return std::ranges::any_of(units_, [&](const Unit& unit) {
        if (!holds(unit.destinations, to.name)) return false;
        bool its_own = fits_any(alert.subject.user, unit.users) ||
                       fits_any(alert.subject.host, unit.hosts) ||
                       fits_any(alert.hostname, unit.hosts);
        for (const auto& user : alert.related_user) its_own |= fits_any(user, unit.users);
        for (const auto& host : alert.related_hosts) its_own |= fits_any(host, unit.hosts);
        return its_own;
    });
}

bool Destinations::wants(const Destination& to, const Alert& alert) const {
    const std::string& rule_class = alert.rule->rule_class;
    return alert.severity >= to.minimum && !concerns_itself(to, alert) &&
           (to.classes.empty() || holds(to.classes, rule_class)) && !holds(to.except, rule_class);
}

std::vector<NewDelivery> Destinations::messages(const Alert& alert, const Route& route,
                                                std::string_view type) const {
    std::vector<NewDelivery> out;
    const boost::json::object let_out = redacted(alert, route);
    bool has_one = false;
    for (const Destination& to : all_) {
        if (to.agency != route.agency) continue;
        has_one = true;
        if (wants(to, alert))
            out.push_back(
                {to.name, std::string(type), body_for(to, let_out, type), lane_of(alert)});
    }
    if (!has_one)
        out.push_back({route.agency, std::string(type),
                       enveloped(let_out, type, to_rfc3339(alert.last_seen)), lane_of(alert)});
    return out;
}

std::vector<NewDelivery> Destinations::endings(const Alert& alert, const Route& route) const {
    std::vector<NewDelivery> out;
    for (const Destination& to : all_)
        if (to.resolves && to.agency == route.agency && wants(to, alert))
            out.push_back({to.name, "alert.resolved",
                           body_for(to, redacted(alert, route), "alert.resolved"), lane_of(alert)});
    return out;
}

std::vector<NewDelivery> Destinations::figures(const std::string& agency,
                                               const boost::json::object& figures,
                                               bool exercise) const {
    constexpr std::string_view kType = "figures.daily";
    std::vector<NewDelivery> out;
    const auto add = [&](const std::string& name, std::string body) {
        if (!body.empty()) out.push_back({name, std::string(kType), std::move(body)});
    };
    bool has_one = false;
    for (const Destination& to : all_) {
        if (to.agency != agency) continue;
        has_one = true;
        if ((to.classes.empty() || holds(to.classes, "figures")) && !holds(to.except, "figures"))
            add(to.name, render_figures(to.format, to.in_syslog, figures, exercise, to.form));
    }
    if (!has_one) add(agency, render_figures(BodyFormat::kentongan, false, figures, exercise, {}));
    return out;
}

std::vector<NewDelivery> Destinations::heartbeats(Timestamp now, bool exercise) const {
    std::vector<NewDelivery> out;
    for (const Destination& to : all_) {
        if (!to.heartbeat) continue;
        std::string body =
            render_heartbeat(to.format, to.in_syslog, to_rfc3339(now), exercise, to.form);
        if (!body.empty())
            out.push_back({to.name, "heartbeat", std::move(body), Urgency::heartbeat});
    }
    return out;
}

}  // namespace kentongan
