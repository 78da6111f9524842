#include "daemon/detect/sirekap/workflow/uploader_detector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/assignments.hpp"
#include "daemon/detect/sirekap/workflow/positions.hpp"

namespace kentongan::sirekap {

namespace {

constexpr Duration kDay = std::chrono::hours{24};
constexpr std::size_t kMany = 3;
constexpr double kFarMetres = 5000;

/// Digits of a code that do not name its kelurahan.
constexpr std::uint64_t kTpsNumbers = 1000;

bool one_kelurahan(const auto& seen) {
    return std::ranges::all_of(seen, [&](const auto& each) {
        return each.value / kTpsNumbers == seen.front().value / kTpsNumbers;
    });
}
bool neighbours(std::uint64_t a, std::uint64_t b) {
    return a / kTpsNumbers == b / kTpsNumbers && (a > b ? a - b : b - a) == 1;
}

}  // namespace

void UploaderDetector::Few::add(std::uint64_t value, Timestamp time) {
    std::erase_if(values, [&](const Seen& seen) { return seen.time + kDay <= time; });
    if (const auto found = std::ranges::find(values, value, &Seen::value); found != values.end())
        found->time = std::max(found->time, time);
    else if (values.size() <= kMany)
        values.push_back({value, time});
}
bool UploaderDetector::Few::holds(std::uint64_t value) const {
    return std::ranges::find(values, value, &Seen::value) != values.end();
}

void UploaderDetector::Verdict::add(std::string reason, Severity worst) {
    reasons.push_back(std::move(reason));
    severity = std::max(severity, worst);
}

UploaderDetector::UploaderDetector(std::shared_ptr<const WorkflowOptions> options)
    : options_(std::move(options)),
      hash_(options_->seed),
      replacements_(options_->table_entries, options_->seed),
      devices_(options_->table_entries, kDay, options_->seed),
      accounts_(options_->table_entries, kDay, options_->seed),
      tps_(options_->table_entries, kDay, options_->seed) {}

void UploaderDetector::inspect_act(const AppEvent& app, FindingSink& out) {
    if (app.act == Act::assign) return replacements_.note(app);
    if (app.act != Act::upload || !app.tps) return;
    Verdict verdict;
    bool account_fits = false;
    bool device_fits = false;
    check_assignment(app, account_fits, device_fits, verdict);
    if (!device_fits) check_device(app, verdict);
    if (!account_fits) check_account(app, verdict);
    if (!account_fits) check_tps(app, verdict);
    check_place(app, verdict);
    if (!verdict.reasons.empty()) tell(app, std::move(verdict), out);
}

void UploaderDetector::check_assignment(const AppEvent& app, bool& account_fits, bool& device_fits,
                                        Verdict& verdict) {
    account_fits = replacements_.allows(app.account, *app.tps);
    device_fits = replacements_.allows_device(app.device, *app.tps);
    if (!options_->assignments) return;
    bool knows_account = false;
    bool knows_device = false;
    for (const Assignment& row : options_->assignments->of(*app.tps)) {
        knows_account = knows_account || !row.account.empty();
        knows_device = knows_device || !row.device.empty();
        account_fits = account_fits || (!app.account.empty() && row.account == app.account);
        device_fits = device_fits || (!app.device.empty() && row.device == app.device);
    }
    if (replacements_.incomplete()) return;
    if (knows_account && !account_fits && !app.account.empty())
        verdict.add(fmt::format("account {} is not assigned to it", quoted(app.account)),
                    Severity::critical);
    // A replacement may bring a telephone of one's own.
    if (knows_device && !device_fits && !app.device.empty() &&
        !options_->assignments->of_device(app.device).empty())
        verdict.add(fmt::format("device {} is bound to another TPS", quoted(app.device)),
                    Severity::critical);
}

void UploaderDetector::check_device(const AppEvent& app, Verdict& verdict) {
    if (app.device.empty()) return;
    devices_.expire(app.time());
    Few& seen = devices_.touch(std::string(app.device), app.time()).value;
    seen.add(app.tps->value, app.time());
    const auto& all = seen.values;
    if (all.size() < 2 || (all.size() == 2 && neighbours(all[0].value, all[1].value))) return;
    const bool office = one_kelurahan(all);
    verdict.add(fmt::format("device {} uploads for {}{} TPS{}", quoted(app.device),
                            std::min(all.size(), kMany), all.size() >= kMany ? " or more" : "",
                            office ? " of one kelurahan" : ""),
                office               ? Severity::low
                : all.size() < kMany ? Severity::medium
                                     : Severity::critical);
    verdict.entity = "device " + printable_utf8(app.device, 128);
}

void UploaderDetector::check_account(const AppEvent& app, Verdict& verdict) {
    if (app.account.empty()) return;
    accounts_.expire(app.time());
    Few& seen = accounts_.touch(std::string(app.account), app.time()).value;
    seen.add(app.tps->value, app.time());
    if (seen.values.size() < kMany) return;
    verdict.add(fmt::format("account {} uploads for three TPS or more", quoted(app.account)),
                Severity::critical);
    if (verdict.entity.empty()) verdict.entity = printable_utf8(app.account, 128);
}

void UploaderDetector::check_tps(const AppEvent& app, Verdict& verdict) {
    if (app.account.empty()) return;
    tps_.expire(app.time());
    Few& seen = tps_.touch(app.tps->to_string(), app.time()).value;
    seen.add(hash_(app.account), app.time());
    if (seen.values.size() >= kMany)
        verdict.add("three accounts or more upload for it, which has two", Severity::critical);
}

void UploaderDetector::check_place(const AppEvent& app, Verdict& verdict) const {
    if (!options_->positions || !app.latitude || !app.longitude) return;
    const auto stands = options_->positions->of(*app.tps);
    if (!stands) return;
    const double metres = distance_between(*stands, {*app.latitude, *app.longitude});
    if (metres > kFarMetres)
        verdict.add(fmt::format("its telephone was {:.0f} km away", metres / 1000),
                    Severity::medium);
}

void UploaderDetector::tell(const AppEvent& app, Verdict verdict, FindingSink& out) {
    Finding finding = inconsistency(uploader_rule(), *app.event,
                                    fmt::format("upload for TPS {}: {}{}", app.tps->to_string(),
                                                fmt::join(verdict.reasons, "; "),
                                                app.accepted ? "" : "; the server refused it"));
    finding.severity =
        app.accepted ? verdict.severity : std::min(verdict.severity, Severity::medium);
    if (!verdict.entity.empty()) finding.entity = std::move(verdict.entity);
    few_.limit(finding);
    out.report(std::move(finding));
}

void UploaderDetector::advance(Timestamp now, FindingSink&) {
    devices_.expire(now);
    accounts_.expire(now);
    tps_.expire(now);
}

std::uint64_t UploaderDetector::evicted() const {
    return replacements_.evicted() + devices_.evicted() + accounts_.evicted() + tps_.evicted();
}

}  // namespace kentongan::sirekap
