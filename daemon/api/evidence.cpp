// POST /api/v1/evidence: a package that verifies offline.
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
        } else if (name == "who") {
            order.who = value;
        } else if (name == "why") {
            order.why = value;
        } else if (name == "for") {
            order.recipient = value;
        } else {
            return name + " is none of id, case, who, why and for";
        }
    }
    if (order.alerts.empty()) return "name at least one alert: id=…";
    if (order.alerts.size() > kMostAlerts) return "at most 100 alerts go into one package";
    if (order.who.empty() || order.why.empty())
        return "say who takes it and why: the history keeps a salted hash of both";
    return {};
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

}  // namespace kentongan::api
