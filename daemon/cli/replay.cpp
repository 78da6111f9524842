// Recorded input through the very pipeline the daemon runs, on event time.
#include "daemon/cli/replay.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "collectors/integrity/change_event.hpp"
#include "collectors/integrity/integrity_collector.hpp"
#include "collectors/journal/journal_collector.hpp"
#include "collectors/journal/systemd_journal.hpp"
#include "collectors/log/log_collector.hpp"
#include "collectors/packet/packet_collector.hpp"
#include "collectors/sirekap/published_collector.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/pipeline/assembly.hpp"
#include "daemon/pipeline/pipeline.hpp"
#include "daemon/store/memory/memory_alert_store.hpp"

namespace kentongan::cli {

namespace {

class Replay {
  public:
    Replay(const Config& config, std::size_t lanes, Metrics& metrics)
        : config_(config), lanes_(lanes), metrics_(metrics) {}

    Result<ReplayResult> run(const ReplayInputs& inputs, bool progress) {
        auto rules = load_rules(config_.rules, metrics_, user_cache_folder());
        if (!rules) return std::unexpected(rules.error());
        auto stateful = stateful_detectors(config_);
        if (!stateful) return std::unexpected(stateful.error());
        slot_ = std::make_unique<RuleSlot>(rules->rules);
        Pipeline::Options options;
        options.order = Order::event_time;
        options.lanes = lanes_;
        options.scan_threads = std::max<std::size_t>(lanes_, 2);
        pipeline_ = std::make_unique<Pipeline>(loop_.get_executor(), options, *slot_,
                                               std::move(stateful->detectors), metrics_, clock_);
        if (auto added = add_all(inputs); !added) return std::unexpected(added.error());
        return drive(rules->routing, progress);
    }

  private:
    Result<> add_all(const ReplayInputs& inputs) {
        for (const auto& file : inputs.pcaps) {
            packet::Options options = packet_options({});
            options.file = file;
            pipeline_->add(
                std::make_unique<packet::PacketCollector>("pcap:" + file, options, metrics_));
        }
        for (const auto& [format, file] : inputs.logs)
            if (auto added = add_log(format, file); !added) return added;
        for (const auto& file : inputs.events)
            if (auto added = add_log("events", file); !added) return added;
        for (const auto& tree : inputs.trees) {
            integrity::Options options;
            options.path = tree;
            options.once = true;
            options.kind = integrity::kRecorded;  // without a baseline no file is a change
            pipeline_->add(std::make_unique<integrity::IntegrityCollector>(
                tree, options, pipeline_->scan_executor(), clock_, metrics_));
        }
        for (const auto& folder : inputs.published) {
            sirekap::PublishedOptions options;
            options.folder = folder;
            auto collector = sirekap::PublishedCollector::make(options, metrics_, clock_);
            if (!collector) return std::unexpected(collector.error());
            pipeline_->add(std::move(*collector));
        }
        return {};
    }

    /// Zone, field map and the rest are those of the settings table for this file, where there is
    /// one.
    Result<> add_log(const std::string& format, const std::string& file) {
        if (format == "journal" && journal::is_journal(file)) return add_journal(file);
        log::Options options = log_options("", LogSettings{});
        for (const auto& [name, settings] : config_.log)
            if (settings.path == file) options = log_options(name, settings);
        options.path = file;
        options.format = format;
        auto collector = log::LogCollector::make(options, metrics_, clock_);
        if (!collector) return std::unexpected(collector.error());
        pipeline_->add(std::move(*collector));
        return {};
    }

    /// Journal files as journald writes them; `journalctl -o json` is a log format.
    Result<> add_journal(const std::string& path) {
        journal::Options options = journal_options("", JournalSettings{});
        options.path = path;
        auto collector = journal::JournalCollector::make(options, metrics_, clock_);
        if (!collector) return std::unexpected(collector.error());
        pipeline_->add(std::move(*collector));
        return {};
    }

    Result<ReplayResult> drive(const std::shared_ptr<const Routing>& routing, bool progress) {
        DeskStage::Options options;
        options.live = false;
        options.retry = false;
        DeskStage desk{options,
                       AlertDesk{desk_options(config_), routing},
                       routing,
                       store_,
                       loop_.get_executor(),
                       metrics_,
                       clock_,
                       nullptr};
        ReplayResult out;
        std::exception_ptr broken;
        bool done = false;
        const auto finished = [&](std::exception_ptr e, std::vector<Error> failures) {
            broken = e;
            out.failures = std::move(failures);
            done = true;
        };
        asio::co_spawn(loop_, pipeline_->run(desk), finished);
        if (progress) asio::co_spawn(loop_, draw_progress(done), [](std::exception_ptr) {});
        loop_.run();
        if (broken) std::rethrow_exception(broken);
        return collect(std::move(out));
    }

    Result<ReplayResult> collect(ReplayResult out) {
        AlertQuery query;
        query.newest_first = false;
        query.limit = 1000;
        std::optional<std::int64_t> after;
        do {
            auto page = store_.find(query, after);
            if (!page) return std::unexpected(page.error());
            for (auto& alert : page->alerts) out.alerts.push_back(std::move(alert.json));
            after = page->next;
        } while (after);
        return out;
    }

    Task<> draw_progress(const bool& done) {
        while (!done) {
            co_await sleep_for(std::chrono::milliseconds{250});
            fmt::print(stderr, "\r{:.0f} packets, {:.0f} lines, {:.0f} events, {:.0f} alerts ",
                       metrics_.capture_packets.sum(), metrics_.log_lines.sum(),
                       metrics_.events.sum(), metrics_.alerts.sum());
            std::fflush(stderr);
        }
        fmt::print(stderr, "\r\x1b[K");
    }

    const Config& config_;
    const std::size_t lanes_;
    Metrics& metrics_;
    SystemClock clock_;
    asio::io_context loop_{1};
    MemoryAlertStore store_;
    std::unique_ptr<RuleSlot> slot_;
    std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace

Result<ReplayResult> replay(const ReplayInputs& inputs, const Config& config, std::size_t lanes,
                            bool progress, Metrics& metrics) {
    Replay run{config, lanes, metrics};
    return run.run(inputs, progress);
}

}  // namespace kentongan::cli
