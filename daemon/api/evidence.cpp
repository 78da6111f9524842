// POST /api/v1/evidence: a package that verifies offline; and that it changes hands.
#include <boost/json.hpp>

#include "daemon/api/casework.hpp"
#include "daemon/api/handlers.hpp"

namespace kentongan::api {

namespace {

constexpr std::size_t kMostAlerts = 100;
constexpr std::size_t kLongestText = 1000;

/// What is wrong with the order; empty when nothing is.
std::string read_order(const Request& request, EvidenceOrder& order) {
    for (const auto& [name, value] : request.parsed.query) {
        if (value.size() > kLongestText) return name + " is too long";
        if (name == "id") {
            order.alerts.push_back(value);
        } else if (name == "case") {
            order.case_id = value;
        } else if (name == "why") {
            order.why = value;
        } else if (name == "for") {
            order.recipient = value;
        } else {
            return name + " is none of id, case, why and for";
        }
    }
    if (order.alerts.empty()) return "name at least one alert: id=…";
    if (order.alerts.size() > kMostAlerts) return "at most 100 alerts go into one package";
    if (order.why.empty()) return "say why: the history keeps a salted hash of it";
    return {};
}

Answer<HandoverOrder> handover_of(const Call& call) {
    boost::system::error_code bad;
    const auto parsed = boost::json::parse(call.request.body, bad);
    if (bad || !parsed.is_object()) return refuse(400, "the body is not a JSON object");
    const auto& body = parsed.get_object();
    HandoverOrder out;
    out.who = call.who.name;
    for (auto [name, member, cap] : {std::tuple{"package", &out.sha256, std::size_t{64}},
                                     {"to", &out.to, kLongestText},
                                     {"why", &out.why, kLongestText}}) {
        auto text = text_member(body, name, cap, true);
        if (!text) return std::unexpected(text.error());
        *member = std::move(*text);
    }
    if (out.sha256.size() != 64 ||
        out.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
        return refuse(400, "package: expected the SHA-256 of the package, lower-case hex");
    const auto* alerts = body.if_contains("alerts");
    if (alerts == nullptr || !alerts->is_array() || alerts->get_array().size() > kMostAlerts)
        return refuse(400, "alerts: expected a list of at most 100 ids");
    for (const auto& id : alerts->get_array()) {
        if (!id.is_string() || id.get_string().size() > 128)
            return refuse(400, "alerts holds something that is no id");
        out.alerts.emplace_back(id.get_string());
    }
    return out;
}

unsigned status_of(const Error& error) {
    if (error.code == ErrorCode::no_input) return 404;
    return error.code == ErrorCode::data ? 409 : 503;
}

}  // namespace

Task<Response> export_evidence(Call call) {
    const Dependencies& has = call.service.dependencies;
    if (!has.evidence)
        co_return problem(404, "no history is kept: set ledger.enabled", call.request.target);
    EvidenceOrder order;
    order.who = call.who.name;
    if (const std::string wrong = read_order(call.request, order); !wrong.empty())
        co_return problem(400, wrong, call.request.target);
    auto package = co_await has.evidence(std::move(order));
    if (!package)
        co_return problem(status_of(package.error()), package.error().message, call.request.target);
    Response response{.type = "application/zip", .body = std::move(*package)};
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"kentongan-evidence.zip\"");
    co_return response;
}

Task<Response> hand_over_evidence(Call call) {
    const Dependencies& has = call.service.dependencies;
    if (!has.handover)
        co_return problem(404, "no history is kept: set ledger.enabled", call.request.target);
    auto order = handover_of(call);
    if (!order) co_return problem(order.error().status, order.error().detail, call.request.target);
    const boost::json::object body{{"package", order->sha256},
                                   {"who", order->who},
                                   {"to", order->to},
                                   {"alerts", order->alerts.size()}};
    const auto noted = co_await has.handover(std::move(*order));
    if (!noted)
        co_return problem(status_of(noted.error()), noted.error().message, call.request.target);
    co_return json_answer(call, boost::json::serialize(body));
}

}  // namespace kentongan::api
