// How the running daemon makes a package of evidence: publish, gather, pack, and note it.
#include "daemon/app/application.hpp"
#include "daemon/pipeline/evidence_package.hpp"
#include "daemon/pipeline/history_settings.hpp"

namespace kentongan {

Task<Result<std::string>> Application::export_evidence(api::EvidenceOrder order) {
    const auto get = [this, &order] { return stored_alerts(*store_, *store_, order.alerts); };
    auto alerts = co_await run_on(store_thread_.executor(), get);
    if (!alerts) co_return std::unexpected(alerts.error());
    co_await history_->cover();
    if (auto published = co_await history_->publish(); !published)
        co_return std::unexpected(published.error());

    ledger::PackageRequest request;
    request.case_id = std::move(order.case_id);
    request.who = std::move(order.who);
    request.why = std::move(order.why);
    request.to = std::move(order.recipient);
    request.tool = "kentongand " KENTONGAN_VERSION;
    request.at = clock_.now();
    request.clock = ledger::clock_state();
    request.alerts = std::move(*alerts);
    const auto pack = [this, &request]() -> Result<std::string> {
        const auto keys = history_keys(config_);
        if (!keys) return std::unexpected(keys.error());
        request.keys = public_keys_of(config_, *keys);
        return pack_evidence(request, history_->folder(), evidence_sources(config_), keys->key);
    };
    auto package = co_await run_on(pipeline_->scan_executor(), pack);
    if (!package) co_return package;

    const CustodyRecord custody = custody_of(request, *package);
    const auto note = [this, &custody] { return store_->append({custody.entry}, {custody.salt}); };
    if (auto noted = co_await run_on(store_thread_.executor(), note); !noted)
        co_return std::unexpected(noted.error());
    co_return package;
}

/// Of a package that was made here: its salts are known.
Task<Result<>> Application::hand_over(api::HandoverOrder order) {
    const Handover handover{.sha256 = std::move(order.sha256),
                            .alerts = std::move(order.alerts),
                            .who = std::move(order.who),
                            .to = std::move(order.to),
                            .why = std::move(order.why)};
    const CustodyRecord custody = custody_of(handover, clock_.now());
    const auto note = [&]() -> Result<> {
        const auto known = store_->salts(package_subject(handover.sha256));
        if (!known) return std::unexpected(known.error());
        if (known->empty())
            return fail(ErrorCode::no_input, "no package with the SHA-256 {} was made here",
                        handover.sha256);
        return store_->append({custody.entry}, {custody.salt});
    };
    co_return co_await run_on(store_thread_.executor(), note);
}

}  // namespace kentongan
