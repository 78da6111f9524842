#include "daemon/pipeline/evidence_package.hpp"

#include "daemon/base/digest.hpp"
#include "daemon/ledger/evidence_export.hpp"
#include "daemon/pipeline/kept_packets.hpp"

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

Result<std::string> pack_evidence(ledger::PackageRequest request,
                                  const std::filesystem::path& history,
                                  const std::vector<std::filesystem::path>& rings,
                                  const SigningKey& key) {
    std::vector<std::string> ids;
    for (const auto& alert : request.alerts) ids.push_back(alert.id);
    auto entries = ledger::entries_about(history, ids);
    if (!entries) return std::unexpected(entries.error());
    for (auto& alert : request.alerts) {
        alert.entries = std::move((*entries)[alert.id]);
        if (alert.entries.empty())
            return fail(ErrorCode::data, "the history has no published entry about {} yet",
                        alert.id);
        if (rings.empty()) continue;
        // That nothing was kept of its traffic is no reason to refuse the rest.
        if (auto packets = packets_of_alert(rings, alert.json))
            alert.packets = std::move(packets->pcapng);
    }
    request.verifier = ledger::verifier_program();
    return ledger::make_package(request, history, &key);
}

CustodyRecord custody_of(const ledger::PackageRequest& request, std::string_view package) {
    const std::string hash = sha256_hex(package);
    std::vector<std::string> objects;
    for (const auto& alert : request.alerts) objects.push_back("alert:" + alert.id);
    const std::string salt = ledger::new_salt();
    const ledger::Act act{.who = request.who,
                          .what = "export",
                          .object = request.case_id.empty() ? "package:" + hash.substr(0, 16)
                                                            : "case:" + request.case_id,
                          .why = request.why,
                          .detail_hash = ledger::salted_hash(salt, request.to)};
    return {ledger::custody_entry(act, objects, hash, salt, request.at),
            {"package:" + hash.substr(0, 16), salt}};
}

}  // namespace kentongan
