// Which request gets which answer.
#include <fmt/format.h>

#include "collectors/report/answers.hpp"
#include "collectors/report/client.hpp"
#include "collectors/report/intake.hpp"
#include "collectors/report/mask.hpp"
#include "collectors/report/page/files.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::report {

using web::Request;
using web::Response;

namespace {

std::optional<Response> static_file(std::string_view name) {
    for (const page::File& file : page::files())
        if (file.name == name && !name.ends_with(".html"))
            return Response{.type = std::string(file.type), .body = std::string(file.content)};
    return std::nullopt;
}

Response not_allowed(const Request& request, std::string_view allow) {
    Response out = web::problem(405, fmt::format("this path takes {}", allow), request.target);
    out.headers.emplace_back("Allow", allow);
    return out;
}

}  // namespace

Task<Response> Intake::answer(const Request& request) {
    const auto& path = request.parsed.segments;
    const bool get = request.method == "GET" || request.method == "HEAD";
    const bool post = request.method == "POST";
    const bool reports = path.size() >= 2 && path[0] == "v1" && path[1] == "reports";
    if (path.empty()) co_return get ? show_form(request) : not_allowed(request, "GET, HEAD");
    if (path.size() == 1 && path[0] == "status")
        co_return get || post ? show_status_page(request) : not_allowed(request, "GET, HEAD, POST");
    if (path.size() == 1 && get)
        if (auto file = static_file(path[0])) co_return std::move(*file);
    if (path.size() == 2 && path[0] == "v1" && path[1] == "challenge")
        co_return get ? give_challenge(request) : not_allowed(request, "GET, HEAD");
    if (reports && path.size() == 2) {
        if (post) co_return co_await take_report(request);
        co_return not_allowed(request, "POST");
    }
    if (reports && path.size() == 3)
        co_return get ? show_ticket(request) : not_allowed(request, "GET, HEAD");
    co_return say_message(request, 404, "not_found_title", "not_found");
}

/// A network that has nothing left need not send its photographs first.
std::optional<Response> Intake::refuse_head(const Request& head) {
    const auto& path = head.parsed.segments;
    if (head.method != "POST" || path.empty() || path[0] != "v1") return std::nullopt;
    const auto refusal = gate_.glance(client_of(head), clock_.now());
    if (!refusal) return std::nullopt;
    count_refused(refusal->reason);
    Response out = say_refusal(head, {}, *refusal);
    return out;
}

Task<Response> Intake::take_report(const Request& request) {
    const IpAddress client = client_of(request);
    const Timestamp now = clock_.now();
    const auto sent = read_submission(request);
    if (!sent || !sent->trap.empty()) {
        gate_.charge(client, now);
        count_refused(sent ? "trap" : "unreadable");
        const bool type = !sent && sent.error() == BodyFault::unsupported_type;
        co_return say_message(request, type ? 415 : 400, "refused_title", "refused_body");
    }
    Checked checked = check(*sent, options_.content, now);
    if (!checked.problems.empty()) {
        gate_.charge(client, now);
        count_refused("invalid");
        co_return say_problems(request, *sent, checked.problems);
    }
    if (journal_bytes_ >= options_.journal_bytes) {
        count_refused("storage");
        co_return say_message(request, 503, "refused_title", "refused_storage");
    }
    checked.report.sender = sender_of(*sent, client);
    const Gate::Sender sender{client, trim(sent->contact).empty() ? "" : checked.report.sender,
                              sent->challenge, sent->solution};
    if (const auto refusal = gate_.pass(sender, now)) {
        count_refused(refusal->reason);
        co_return say_refusal(request, *sent, *refusal);
    }
    checked.report.language = language_of(request, *sent);
    co_return co_await keep(request, std::move(checked.report), *sent);
}

/// Masks it, keeps its photographs, and waits until the journal has it.
Task<Response> Intake::keep(const Request& request, Report report, const Submission& sent) {
    report.text = masked(report.text);
    auto ticket = new_ticket();
    while (ticket && archive_->tickets.knows(*ticket)) ticket = new_ticket();
    const auto secret = new_secret();
    if (!ticket || !secret) co_return say_message(request, 503, "refused_title", "refused_storage");
    report.ticket = *ticket;
    const KeptPhotos photos = co_await keep_photos(report.ticket, sent);
    report.photos = photos.photos;

    const auto taken = std::make_shared<Taken>();
    taken->report = std::move(report);
    taken->key_hash = Tickets::hash_of(*secret);
    const bool queued = co_await queue_.send(taken);
    const auto written = queued ? co_await taken->written.receive() : std::optional{false};
    if (!written.value_or(false)) {
        count_refused("storage");
        co_return say_message(request, 503, "refused_title", "refused_storage");
    }
    metrics_.reports.with({taken->report.category}).add();
    co_return say_thanks(request, taken->report, *secret, photos.refused);
}

std::string Intake::masked(std::string_view text) {
    Masked out = mask_personal(text);
    metrics_.report_masked.with({"identity"}).add(static_cast<double>(out.identities));
    metrics_.report_masked.with({"phone"}).add(static_cast<double>(out.phones));
    metrics_.report_masked.with({"mail"}).add(static_cast<double>(out.mails));
    return std::move(out.text);
}

Task<KeptPhotos> Intake::keep_photos(const std::string& ticket, const Submission& sent) {
    if (sent.photos.empty()) co_return KeptPhotos{};
    auto work = [archive = archive_, &ticket, &pictures = sent.photos] {
        return archive->photos->keep(ticket, pictures);
    };
    KeptPhotos out = co_await run_on(options_.blocking, work);
    metrics_.report_photos.with({"kept"}).add(static_cast<double>(out.photos.size()));
    for (const std::string_view why : out.refused) metrics_.report_photos.with({why}).add();
    co_return out;
}

IpAddress Intake::client_of(const Request& request) const {
    return client_address(request.peer, request.forwarded_for, options_.trusted_proxies);
}

/// A contact names a sender better than an address, which a whole office may share.
std::string Intake::sender_of(const Submission& sent, const IpAddress& client) const {
    constexpr std::size_t kLength = 24;
    const std::string contact = to_lower(trim(sent.contact));
    if (!contact.empty()) return archive_->key.seal("contact", contact, kLength);
    const IpAddress sealed = client.is_v4() ? client : client.masked(64);
    return archive_->key.seal("address", sealed.to_string(), kLength);
}

void Intake::count_refused(std::string_view reason) {
    metrics_.reports_refused.with({reason}).add();
}

}  // namespace kentongan::report
