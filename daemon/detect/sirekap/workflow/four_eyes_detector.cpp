#include "daemon/detect/sirekap/workflow/four_eyes_detector.hpp"

#include <fmt/format.h>

#include <utility>

#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/workflow/stage.hpp"

namespace kentongan::sirekap {

namespace {
constexpr Duration kSameHand = std::chrono::minutes{10};
constexpr Duration kMemory = std::chrono::hours{24};
constexpr std::size_t kKept = 128;  // of a name

std::string kept(std::string_view text) { return std::string(text.substr(0, kKept)); }
bool same(std::string_view kept_text, std::string_view text) {
    return !kept_text.empty() && kept_text == text.substr(0, kKept);
}
}  // namespace

FourEyesDetector::FourEyesDetector(const WorkflowOptions& options)
    : changes_(options.table_entries, kMemory, options.seed) {}

void FourEyesDetector::inspect_act(const AppEvent& app, FindingSink& out) {
    if (!app.accepted || !app.tps || app.account.empty()) return;
    if (app.act == Act::edit || app.act == Act::answer) return note(app);
    if (app.act != Act::verify && app.act != Act::finish) return;
    if (Change* change = changes_.find(app.tps->to_string())) judge(app, *change, out);
}

void FourEyesDetector::note(const AppEvent& app) {
    Change& change = changes_.touch(app.tps->to_string(), app.time()).value;
    const bool late = change.verified || is_closed(parse_stage(app.status_from)) ||
                      parse_stage(app.status_from) == Stage::reopened;
    change = {
        kept(app.account), kept(app.device), kept(app.session), app.ip, app.time(), late, false};
}

void FourEyesDetector::judge(const AppEvent& app, Change& change, FindingSink& out) {
    const bool soon = app.time() - change.time <= kSameHand;
    const bool first = !std::exchange(change.verified, true);
    if (!first) return;
    std::string_view one;
    Severity severity = Severity::high;
    if (same(change.account, app.account))
        one = change.late && app.act == Act::verify ? "account" : "";
    else if (soon && same(change.device, app.device))
        one = "device";
    else if (soon && same(change.session, app.session))
        one = "session";
    else if (soon && change.ip && app.ip == change.ip) {
        one = "address";
        severity = Severity::low;
    }
    if (one.empty()) return;
    Finding finding = inconsistency(
        four_eyes_rule(), *app.event,
        fmt::format("numbers of TPS {} were changed by {} and approved by {} from one {}",
                    app.tps->to_string(), quoted(change.account), quoted(app.account), one));
    finding.severity = severity;
    few_.limit(finding);
    out.report(std::move(finding));
}

}  // namespace kentongan::sirekap
