#include "daemon/app/agencies.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "daemon/app/channels.hpp"
#include "daemon/pipeline/delivery_warnings.hpp"

namespace kentongan {

namespace {

DeliveryWorkerSettings worker_of(const std::string& name, const DeliverySettings& settings,
                                 const Agencies::Surroundings& around) {
    DeliveryWorkerSettings out;
    out.destination = name;
    out.heartbeat = carries_heartbeat(settings);
    out.retry.longest = std::chrono::seconds{settings.retry_seconds};
    out.retry.give_up = std::chrono::hours{settings.give_up_hours};
    out.retry.seed = std::hash<std::string>{}(name);
    out.page = around.page;
    out.tell = around.tell;
    return out;
}

}  // namespace

Result<std::unique_ptr<Agencies>> Agencies::open(const NamedTables<DeliverySettings>& settings,
                                                 Outbox& outbox, Surroundings around) {
    auto out = std::make_unique<Agencies>();
    for (const auto& [name, table] : settings) {
        if (!table.enabled) continue;
        auto channel = open_channel(table, around);
        if (!channel) return std::unexpected(channel.error().within("delivery." + name));
        auto worker = std::make_unique<DeliveryWorker>(worker_of(name, table, around), **channel,
                                                       outbox, around.loop, around.store,
                                                       around.metrics, around.clock);
        out->agencies_.push_back({name, table.agency.empty() ? name : table.agency, table.kind,
                                  std::move(*channel), std::move(worker)});
    }
    return out;
}

void Agencies::start(TaskGroup& group) {
    for (auto& agency : agencies_) {
        agency.worker->start(group);
        group.spawn("what goes on beside delivery to " + agency.name, agency.channel->tend());
    }
}

void Agencies::notify() {
    for (auto& agency : agencies_) agency.worker->notify();
}

void Agencies::pause(const std::map<std::string, std::string>& paused) {
    for (auto& agency : agencies_) {
        const auto found = paused.find(agency.name);
        agency.worker->pause(found == paused.end() ? std::string{} : found->second);
    }
}

Result<DeliveryChannel::Swap> Agencies::reread_keys() {
    std::string problems;
    std::vector<DeliveryChannel::Swap> swaps;
    for (auto& agency : agencies_) {
        auto read = agency.channel->reread();
        if (!read)
            problems += fmt::format("{}delivery.{}: {}", problems.empty() ? "" : "; ", agency.name,
                                    read.error().message);
        else if (*read)
            swaps.push_back(std::move(*read));
    }
    if (!problems.empty()) return fail(ErrorCode::config, "{}", problems);
    return [all = std::move(swaps)] {
        for (const auto& swap : all) swap();
    };
}

bool Agencies::knows(const std::string& name) const {
    return std::ranges::any_of(agencies_, [&](const Agency& a) { return a.agency == name; });
}

boost::json::array Agencies::status() const {
    boost::json::array out;
    for (const auto& agency : agencies_) {
        const auto status = agency.worker->status();
        out.push_back(boost::json::object{{"agency", agency.agency},
                                          {"destination", agency.name},
                                          {"kind", agency.kind},
                                          {"state", status.text},
                                          {"state_code", status.code},
                                          {"attention", status.attention}});
    }
    return out;
}

}  // namespace kentongan
