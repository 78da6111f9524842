#include "daemon/api/reader_view.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "daemon/alert/redact.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/red_reads.hpp"
#include "daemon/api/wall_view.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

using enum query::Name;
constexpr std::array kForAll{first_seen, last_seen, severity,        count,   tlp,
                             exercise,   agency,    state,           reason,  case_id,
                             suppressed, rule_id,   rule_name,       ruleset, category,
                             technique,  area,      query::Name::id, assignee};

/// Where a field's value stands in what an agency gets. No path: it always gets it. Text: other
/// values that are kept back are blotted out of it, and what is personal.
struct Place {
    query::Name field;
    std::string_view path;
    enum class Kind { value, address, text } kind = Kind::value;
};
using enum Place::Kind;
constexpr std::array kPlaces{Place{first_seen, ""},
                             Place{severity, ""},
                             Place{exercise, ""},
                             Place{rule_id, ""},
                             Place{rule_name, ""},
                             Place{ruleset, ""},
                             Place{category, ""},
                             Place{query::Name::id, ""},
                             Place{last_seen, "kentongan.last_seen"},
                             Place{count, "kentongan.count"},
                             Place{agency, "kentongan.agencies"},
                             Place{technique, "threat"},
                             Place{source_ip, "source.ip", address},
                             Place{destination_ip, "destination.ip", address},
                             Place{related_ip, "related.ip", address},
                             Place{source_port, "source.port"},
                             Place{destination_port, "destination.port"},
                             Place{file_hash, "file.hash"},
                             Place{related_hash, "related.hash"},
                             Place{tps, "kentongan.sirekap.tps"},
                             Place{area, "kentongan.sirekap.area"},
                             Place{message, "message", text},
                             Place{entity, "kentongan.entity", text},
                             Place{user, "user.name", text},
                             Place{host, "host.hostname", text},
                             Place{sensor, "observer.hostname", text},
                             Place{file_path, "file.path", text},
                             Place{url, "url.original", text},
                             Place{related_user, "related.user", text},
                             Place{related_hosts, "related.hosts", text}};

/// Insiders are for a named cell, which is told by its own destination.
constexpr std::string_view kInsider = "insider";
constexpr std::string_view kDefault = "default";

bool is_untouched(const kentongan::Route& route) {
    return route.full && route.only.empty() && route.withhold.empty() && route.hash.empty() &&
           route.prefix.empty();
}

/// Whether an alert that leaves by this route shows the field as it is stored. `field` null: words.
bool shows(const kentongan::Route& route, const query::Field* field) {
    if (field == nullptr) return is_untouched(route);
    const auto* place = std::ranges::find(kPlaces, field->name, &Place::field);
    if (place == kPlaces.end()) return false;
    if (place->kind == text) return is_untouched(route);
    if (place->kind == value) return place->path.empty() || is_let_out(route, place->path);
    constexpr std::array<std::string_view, 4> kAddresses{"source.ip", "destination.ip",
                                                         "related.ip", "kentongan.entity"};
    return std::ranges::all_of(kAddresses, [&](auto path) { return is_let_out(route, path); });
}

/// The fields that a question names; null for words of the text.
void collect(const query::Expression& question, std::vector<const query::Field*>& out) {
    if (question.kind == query::Expression::Kind::condition)
        out.push_back(question.condition.field);
    for (const query::Expression& one : question.parts) collect(one, out);
}

std::string_view text_of(const query::Field* field) {
    return field == nullptr ? "words of the text" : field->text;
}

void refuse_hidden(AlertsWanted& wanted, std::string_view role,
                   const std::function<bool(const query::Field*)>& may) {
    const auto refuse = [&](std::string_view parameter, const query::Field* field) {
        wanted.errors.push_back(
            {std::string{parameter},
             fmt::format("the role {} may not ask about {}", role, text_of(field))});
    };
    std::vector<const query::Field*> asked;
    collect(wanted.request.where, asked);
    if (const auto hidden = std::ranges::find_if_not(asked, may); hidden != asked.end())
        refuse("q", *hidden);
    if (wanted.request.by)
        if (const auto* field = &query::field(*wanted.request.by); !may(field)) refuse("by", field);
}

query::Expression is_class(std::string_view name) {
    return query::Expression::of(query::equals(category, name));
}

std::optional<std::string> as_sent(const std::string& alert, const Routing& routing,
                                   std::string_view whose) {
    boost::system::error_code bad;
    const json::value stored = json::parse(alert, bad);
    if (bad) return std::nullopt;
    const auto read = alert_from_json(stored);
    if (!read || !read->suppressed.empty() || read->rule->rule_class == kInsider ||
        std::ranges::find(read->agencies, whose) == read->agencies.end())
        return std::nullopt;
    const kentongan::Route* route = routing.row(read->rule->rule_class, whose);
    if (route == nullptr) return std::nullopt;
    return json::serialize(redacted(*read, *route));
}

}  // namespace

bool is_for_all(query::Name field) { return std::ranges::find(kForAll, field) != kForAll.end(); }

ReaderView::ReaderView(const Service& service, Identity who) : who_(std::move(who)) {
    const auto& routing = service.dependencies.routing;
    if (who_.role == Role::agency && routing) routing_ = routing();
}

std::string ReaderView::key() const {
    if (who_.role == Role::agency) return "agency " + who_.agency;
    return std::string{name_of(std::min(who_.role, Role::analyst))};
}

void ReaderView::narrow(AlertsWanted& wanted) const {
    if (who_.role == Role::wall)
        refuse_hidden(wanted, "wall", [](const query::Field* field) {
            return field != nullptr && is_for_all(field->name);
        });
    if (who_.role == Role::agency) narrow_to_agency(wanted);
    if (who_.role == Role::viewer)
        wanted.request.where =
            query::Expression::all({query::Expression::none(query::Expression::of(
                                        query::equals(tlp, kentongan::name_of(Tlp::red)))),
                                    std::move(wanted.request.where)});
}

void ReaderView::narrow_to_agency(AlertsWanted& wanted) const {
    std::vector<const query::Field*> asked;
    collect(wanted.request.where, asked);
    if (wanted.request.by) asked.push_back(&query::field(*wanted.request.by));
    const auto answers = [&](std::string_view rule_class) {
        const kentongan::Route* route = routing_ ? routing_->row(rule_class, who_.agency) : nullptr;
        return route != nullptr && rule_class != kInsider &&
               std::ranges::all_of(asked, [&](const auto* field) { return shows(*route, field); });
    };
    std::vector<query::Expression> in;
    std::vector<query::Expression> out{is_class(kInsider)};
    if (routing_)
        for (const std::string& one : routing_->classes())
            if (one != kDefault) (answers(one) ? in : out).push_back(is_class(one));
    // A class without a table of its own is routed as the default one.
    const bool others = answers(kDefault);
    if (in.empty() && !others) {
        refuse_hidden(wanted, "agency", [&](const query::Field* field) {
            if (!routing_) return false;
            return std::ranges::any_of(routing_->classes(), [&](const std::string& one) {
                const kentongan::Route* route = routing_->row(one, who_.agency);
                return route != nullptr && shows(*route, field);
            });
        });
        if (wanted.errors.empty() && !asked.empty())
            wanted.errors.push_back(
                {"q", "no class of alerts shows the agency all fields of the question"});
        in.push_back(query::Expression::of(query::range_of(severity, 1, 0)));  // none
    }
    std::vector<query::Expression> parts;
    parts.push_back(query::Expression::of(query::equals(agency, who_.agency)));
    query::Condition suppressed_by;
    suppressed_by.field = &query::field(suppressed);
    parts.push_back(query::Expression::none(query::Expression::of(std::move(suppressed_by))));
    parts.push_back(others ? query::Expression::none(query::Expression::any(std::move(out)))
                           : query::Expression::any(std::move(in)));
    parts.push_back(std::move(wanted.request.where));
    wanted.request.where = query::Expression::all(std::move(parts));
}

std::optional<std::string> ReaderView::shown(std::string alert) const {
    switch (who_.role) {
        case Role::wall:
            return wall_alert(alert);
        case Role::agency:
            return routing_ ? as_sent(alert, *routing_, who_.agency) : std::nullopt;
        case Role::viewer:
            if (!red_object(alert).empty()) return std::nullopt;
            return alert;
        default:
            return alert;
    }
}

AlertsWanted alerts_wanted(const Call& call, SearchRequest::What what) {
    AlertsWanted out =
        parse_alerts_wanted(call.request.parsed, what, call.service.dependencies.clock.now());
    ReaderView{call.service, call.who}.narrow(out);
    return out;
}

void show_to(const Call& call, std::vector<StoredAlert>& alerts) {
    const ReaderView view{call.service, call.who};
    std::vector<std::string> red;
    std::erase_if(alerts, [&](StoredAlert& alert) {
        auto shown = view.shown(std::move(alert.json));
        if (!shown) return true;
        alert.json = std::move(*shown);
        if (auto object = red_object(alert.json); view.is_told_of() && !object.empty())
            red.push_back(std::move(object));
        return false;
    });
    tell_of_reading(call.service, call.who.name, std::move(red));
}

Task<Result<bool>> may_read(const Call& call, std::string id) {
    const auto get = [&] { return call.service.dependencies.alerts.get(id); };
    auto found = co_await run_on(call.service.dependencies.store, get);
    if (!found) co_return std::unexpected(found.error());
    if (!*found) co_return true;
    std::vector<StoredAlert> one{std::move(**found)};
    show_to(call, one);
    co_return !one.empty();
}

}  // namespace kentongan::api
