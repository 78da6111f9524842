#include "daemon/pipeline/evidence_package.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/base/digest.hpp"
#include "daemon/ledger/evidence_export.hpp"

namespace kentongan {

Result<std::vector<ledger::PackagedAlert>> stored_alerts(AlertStore& alerts, EntryLog& entries,
                                                         const std::vector<std::string>& ids) {
    std::vector<ledger::PackagedAlert> out;
    for (const auto& id : ids) {
        auto found = alerts.get(id);
        if (!found) return std::unexpected(found.error());
        if (!*found) return fail(ErrorCode::no_input, "no alert has the id {}", id);
        auto salts = entries.salts("alert:" + id);
        if (!salts) return std::unexpected(salts.error());
        ledger::PackagedAlert alert;
        alert.id = id;
        alert.json = std::move((*found)->json);
        alert.salts = std::move(*salts);
        out.push_back(std::move(alert));
    }
    return out;
}

namespace {

/// When the alerts say that they were seen.
std::vector<Timestamp> times_of(const std::vector<ledger::PackagedAlert>& alerts) {
    std::vector<Timestamp> out;
    for (const auto& each : alerts) {
        boost::system::error_code problem;
        const auto value = boost::json::parse(each.json, problem);
        if (problem) continue;
        if (const auto alert = alert_from_json(value))
            out.insert(out.end(), {alert->first_seen, alert->last_seen});
    }
    return out;
}

}  // namespace

Result<std::string> pack_evidence(ledger::PackageRequest request,
                                  const std::filesystem::path& history,
                                  const EvidenceSources& sources, const SigningKey& key) {
    std::vector<std::string> objects;
    for (const auto& alert : request.alerts) objects.push_back("alert:" + alert.id);
    const std::string the_case = "case:" + request.case_id;
    if (!request.case_id.empty()) objects.push_back(the_case);
    auto gathered = ledger::gather_entries(history, objects, times_of(request.alerts));
    if (!gathered) return std::unexpected(gathered.error());
    std::uint64_t room = kMostKept;
    for (auto& alert : request.alerts) {
        alert.entries = std::move(gathered->about["alert:" + alert.id]);
        if (alert.entries.empty())
            return fail(ErrorCode::data, "the history has no published entry about {} yet",
                        alert.id);
        add_kept_evidence(alert, sources, room);
    }
    request.case_entries = std::move(gathered->about[the_case]);
    request.coverage = std::move(gathered->coverage);
    request.verifier = ledger::verifier_program();
    return ledger::make_package(request, history, &key);
}

std::string package_subject(std::string_view sha256) {
    return fmt::format("package:{}", sha256.substr(0, 16));
}

CustodyRecord custody_of(const ledger::PackageRequest& request, std::string_view package) {
    const std::string hash = sha256_hex(package);
    std::vector<std::string> objects;
    for (const auto& alert : request.alerts) objects.push_back("alert:" + alert.id);
    const std::string salt = ledger::new_salt();
    const ledger::Act act{
        .who = request.who,
        .what = "export",
        .object = request.case_id.empty() ? package_subject(hash) : "case:" + request.case_id,
        .why = request.why,
        .detail_hash = ledger::salted_hash(salt, request.to)};
    return {ledger::custody_entry(act, objects, hash, salt, request.at),
            {package_subject(hash), salt}};
}

CustodyRecord custody_of(const Handover& handover, Timestamp at) {
    std::vector<std::string> objects;
    for (const auto& id : handover.alerts) objects.push_back("alert:" + id);
    const std::string salt = ledger::new_salt();
    const ledger::Act act{.who = handover.who,
                          .what = "handover",
                          .object = package_subject(handover.sha256),
                          .why = handover.why,
                          .detail_hash = ledger::salted_hash(salt, handover.to)};
    return {ledger::custody_entry(act, objects, handover.sha256, salt, at),
            {package_subject(handover.sha256), salt}};
}

}  // namespace kentongan
