// What the API is given by the Application: the store, views, and what it may ask for.
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>

#include "daemon/app/application.hpp"
#include "daemon/app/log_context.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/detect/sirekap/coverage_report.hpp"
#include "daemon/pipeline/kept_packets.hpp"

namespace kentongan {

/// Searching reads files: on a scan thread.
Task<Result<api::KeptPackets>> Application::kept_packets(std::vector<std::filesystem::path> folders,
                                                         std::string alert) {
    const auto search = [&] { return packets_of_alert(folders, alert); };
    auto found = co_await run_on(pipeline_->scan_executor(), search);
    if (!found) co_return std::unexpected(found.error());
    co_return api::KeptPackets{std::move(found->pcapng), found->packets, found->cut};
}

Result<> Application::open_api() {
    api::Dependencies dependencies{*store_,
                                   *store_,
                                   store_thread_.executor(),
                                   metrics_,
                                   [this] { return health(); },
                                   [this] { return status(); },
                                   clock_};
    dependencies.searches = store_.get();
    if (coverage_)
        dependencies.coverage =
            [this](const std::string& area,
                   std::optional<Timestamp> at) -> std::optional<boost::json::object> {
            const auto report = sirekap::coverage_report(*coverage_, election_, area, at);
            if (!report) return std::nullopt;
            return sirekap::to_json(*report);
        };
    dependencies.routing = [this] { return rules_.routing; };
    dependencies.agency_of = [this](const std::string& destination) {
        const auto found = config_.delivery.find(destination);
        const bool own = found == config_.delivery.end() || found->second.agency.empty();
        return own ? destination : found->second.agency;
    };
    dependencies.views = views();
    dependencies.noise = store_.get();
    if (const auto folders = ring_folders(config_); !folders.empty())
        dependencies.packets = [this, folders](std::string alert) {
            return kept_packets(folders, std::move(alert));
        };
    if (!config_.log.empty())
        dependencies.context = [this](std::string alert,
                                      std::size_t evidence) -> Task<Result<boost::json::object>> {
            auto look = [logs = config_.log, alert = std::move(alert), evidence] {
                return log_context(logs, alert, evidence);
            };
            co_return co_await run_on(pipeline_->scan_executor(), look);
        };
    dependencies.casework = casework_.get();
    dependencies.reload = [] { ::kill(::getpid(), SIGHUP); };
    dependencies.blocking = pipeline_->scan_executor();
    dependencies.read_red = [this](const std::string& name, std::vector<std::string> objects) {
        read_red(name, std::move(objects));
    };
    dependencies.logged_in = [this](const api::LoginEvent& event) { logged_in(event); };
    if (history_) {
        dependencies.evidence = [this](api::EvidenceOrder order) {
            return export_evidence(std::move(order));
        };
        dependencies.handover = [this](api::HandoverOrder order) {
            return hand_over(std::move(order));
        };
    }
    if (!config_.api.listen.empty()) {
        api::Options options;
        options.listen = config_.api.listen;
        options.requests_a_second = static_cast<double>(config_.api.requests_a_second);
        auto access = read_access(config_.api);
        if (!access) return std::unexpected(access.error());
        options.tokens = std::move(access->tokens);
        options.accounts = std::move(access->accounts);
        options.tls = std::move(access->tls);
        show_certificates(config_);
        api_ = std::make_unique<api::Server>(loop_.get_executor(), options, dependencies);
        if (auto listening = api_->listen(); !listening) return listening;
        logging::info("listening", {{"api", config_.api.listen}, {"port", api_->bound_port()}});
    }
    if (!config_.api.metrics_listen.empty()) {
        api::Options options;
        options.listen = config_.api.metrics_listen;
        options.metrics_only = true;
        metrics_server_ =
            std::make_unique<api::Server>(loop_.get_executor(), options, dependencies);
        if (auto listening = metrics_server_->listen(); !listening) return listening;
    }
    return {};
}

}  // namespace kentongan
