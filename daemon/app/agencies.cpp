#include "daemon/app/agencies.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

namespace kentongan {

namespace {

WebhookSettings webhook_of(const DeliverySettings& settings) {
    WebhookSettings out;
    out.url = settings.url;
    out.secret_file = settings.secret_file;
    out.ca_file = settings.ca_file;
    out.timeout = std::chrono::seconds{settings.timeout_seconds};
    return out;
}

DeliveryWorkerSettings worker_of(const std::string& name, const DeliverySettings& settings) {
    DeliveryWorkerSettings out;
    out.destination = name;
    out.retry.longest = std::chrono::seconds{settings.retry_seconds};
    out.retry.give_up = std::chrono::hours{settings.give_up_hours};
    out.retry.seed = std::hash<std::string>{}(name);
    return out;
}

}  // namespace

Result<std::unique_ptr<Agencies>> Agencies::open(const NamedTables<DeliverySettings>& settings,
                                                 Outbox& outbox, asio::any_io_executor loop,
                                                 asio::any_io_executor store, Metrics& metrics,
                                                 const Clock& clock) {
    auto out = std::make_unique<Agencies>();
    for (const auto& [name, table] : settings) {
        if (!table.enabled) continue;
        // A signature bears the real time, which its receiver checks.
        auto channel = WebhookChannel::open(loop, webhook_of(table), system_clock());
        if (!channel) return std::unexpected(channel.error().within("delivery." + name));
        auto worker = std::make_unique<DeliveryWorker>(worker_of(name, table), **channel, outbox,
                                                       loop, store, metrics, clock);
        out->agencies_.push_back({name, std::move(*channel), std::move(worker)});
    }
    return out;
}

void Agencies::start(TaskGroup& group) {
    for (auto& agency : agencies_) agency.worker->start(group);
}

void Agencies::notify() {
    for (auto& agency : agencies_) agency.worker->notify();
}

Result<> Agencies::reload_keys() {
    std::string problems;
    for (auto& agency : agencies_)
        if (auto reloaded = agency.channel->reload_keys(); !reloaded)
            problems += fmt::format("{}delivery.{}: {}", problems.empty() ? "" : "; ", agency.name,
                                    reloaded.error().message);
    if (!problems.empty()) return fail(ErrorCode::config, "{}", problems);
    return {};
}

bool Agencies::knows(const std::string& name) const {
    return std::ranges::any_of(agencies_, [&](const Agency& a) { return a.name == name; });
}

boost::json::array Agencies::status() const {
    boost::json::array out;
    for (const auto& agency : agencies_) {
        const auto status = agency.worker->status();
        out.push_back(boost::json::object{
            {"agency", agency.name}, {"state", status.text}, {"attention", status.attention}});
    }
    return out;
}

}  // namespace kentongan
