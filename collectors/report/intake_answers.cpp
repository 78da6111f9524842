// What the intake says: pages and JSON.
#include "collectors/report/answers.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "collectors/report/intake.hpp"
#include "collectors/report/multipart.hpp"
#include "collectors/report/texts.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::report {

namespace json = boost::json;
using web::Request;
using web::Response;

namespace {

json::object json_of(const TicketState& state) {
    return {{"ticket", state.ticket},
            {"status", "received"},
            {"received", to_rfc3339(state.received, 0)},
            {"category", state.category},
            {"photos", json::object{{"kept", state.photos}, {"quarantined", state.quarantined}}}};
}

std::string bearer_of(const Request& request) {
    constexpr std::string_view kScheme = "bearer ";
    if (!equals_ignoring_case(std::string_view{request.authorization}.substr(0, kScheme.size()),
                              kScheme))
        return {};
    return request.authorization.substr(kScheme.size());
}

}  // namespace

std::string query_of(const Request& request, std::string_view name) {
    for (const auto& [key, value] : request.parsed.query)
        if (key == name) return value;
    return {};
}

Language language_of(const Request& request) {
    if (const auto asked = parse_language(query_of(request, "lang"))) return *asked;
    const std::string accepted = to_lower(request.accept_language);
    const auto indonesian = accepted.find("id");
    return accepted.find("en") < indonesian ? Language::english : Language::indonesian;
}
Language language_of(const Request& request, const Submission& sent) {
    return parse_language(sent.language).value_or(language_of(request));
}

Response html_page(unsigned status, std::string body) {
    return {.status = status, .type = "text/html; charset=utf-8", .body = std::move(body)};
}

Response Intake::say_thanks(const Request& request, const Report& report, std::string_view secret,
                            const std::vector<std::string_view>& refused_photos) {
    if (wants_html(request))
        return html_page(201, pages_.thanks(report.language, report.ticket, secret,
                                            report.photos.size(), refused_photos));
    json::array refused;
    for (const std::string_view why : refused_photos)
        refused.push_back(json::value_from(text(fmt::format("photo_{}", why), report.language)));
    const std::string url = fmt::format("/v1/reports/{}", report.ticket);
    const json::object body{
        {"ticket", report.ticket},
        {"secret", secret},
        {"status_url", url},
        {"photos", json::object{{"kept", report.photos.size()}, {"refused", std::move(refused)}}},
        {"next", text("next_text", report.language)}};
    Response out{.status = 201, .type = "application/json", .body = json::serialize(body)};
    out.headers.emplace_back("Location", url);
    return out;
}

Response Intake::show_form(const Request& request) {
    return html_page(200, pages_.form(language_of(request), fresh_challenge()));
}

Response Intake::show_status_page(const Request& request) {
    const Language language = language_of(request);
    if (request.method != "POST") return html_page(200, pages_.status(language, nullptr, ""));
    std::string ticket;
    std::string secret;
    if (const auto pairs = parse_pairs(request.body))
        for (const auto& [name, value] : *pairs) {
            if (name == "ticket") ticket = value.substr(0, 64);
            if (name == "secret") secret = value.substr(0, 64);
        }
    const TicketState* state = archive_->tickets.find(ticket, secret);
    if (ticket.empty()) ticket = "?";
    return html_page(state ? 200 : 404, pages_.status(language, state, ticket));
}

Response Intake::show_ticket(const Request& request) {
    std::string secret = bearer_of(request);
    if (secret.empty()) secret = query_of(request, "secret");
    const TicketState* state = archive_->tickets.find(request.parsed.segments[2], secret);
    if (state == nullptr)
        return web::problem(404,
                            "there is no report with this ticket and secret; send the secret as "
                            "Authorization: Bearer SECRET",
                            request.target.substr(0, request.target.find('?')));
    return {.type = "application/json", .body = json::serialize(json_of(*state))};
}

Response Intake::give_challenge(const Request& request) {
    const std::string challenge = fresh_challenge();
    if (challenge.empty()) return say_message(request, 503, "refused_title", "refused_storage");
    const json::object body{
        {"challenge", challenge},
        {"bits", gate_.difficulty(clock_.now())},
        {"expires_in_seconds",
         std::chrono::duration_cast<std::chrono::seconds>(ProofOfWork::kLifetime).count()},
        {"how",
         "a decimal number such that SHA-256(\"CHALLENGE:NUMBER\") begins with that many "
         "zero bits; send both as challenge and solution"}};
    return {.type = "application/json", .body = json::serialize(body)};
}

Response Intake::say_problems(const Request& request, const Submission& sent,
                              const std::vector<Problem>& problems) {
    const Language language = language_of(request, sent);
    if (wants_html(request))
        return html_page(422, pages_.form(language, fresh_challenge(), sent, problems));
    std::vector<web::FieldError> errors;
    for (const Problem& problem : problems)
        errors.push_back({std::string(problem.field), pages_.said(problem.text, language)});
    return web::problem(422, text("errors_title", language), request.target, errors);
}

Response Intake::say_refusal(const Request& request, const Submission& sent,
                             const Refusal& refusal) {
    const Language language = language_of(request, sent);
    const std::string said = pages_.said(refusal.text, language, refusal.retry_after);
    const unsigned status = refusal.retry_after > Duration::zero() ? 429 : 422;
    Response out = wants_html(request)
                       ? html_page(status, pages_.form(language, fresh_challenge(), sent, {}, said))
                       : web::problem(status, said, request.target);
    if (status == 429)
        out.headers.emplace_back(
            "Retry-After",
            fmt::format("{}",
                        std::chrono::ceil<std::chrono::seconds>(refusal.retry_after).count()));
    return out;
}

Response Intake::say_message(const Request& request, unsigned status, std::string_view title,
                             std::string_view key) {
    const Language language = language_of(request);
    const std::string said = pages_.said(key, language);
    Response out = wants_html(request) ? html_page(status, pages_.message(language, title, said))
                                       : web::problem(status, said, request.target);
    if (status == 503) out.headers.emplace_back("Retry-After", "60");
    return out;
}

std::string Intake::fresh_challenge() {
    return gate_.challenge(clock_.now()).value_or(std::string{});
}

}  // namespace kentongan::report
