#include "daemon/pipeline/lane.hpp"

#include <fmt/format.h>

namespace kentongan {

Lane::Lane(std::size_t number) : thread_(fmt::format("lane-{}", number)) {}

Lane::~Lane() {
    // What still runs is asked to stop, and the group goes where its tasks live.
    asio::post(thread_.executor(), [this] { group_.reset(); });
    thread_.finish();
}

void Lane::add(std::unique_ptr<Collector> collector, std::unique_ptr<LaneSink> sink,
               Channel<LaneBatch>& out, bool owns_out) {
    sources_.push_back({std::move(collector), std::move(sink), &out, owns_out});
}

void Lane::start(bool fail_fast) {
    asio::post(thread_.executor(), [this, fail_fast] {
        group_ = std::make_unique<TaskGroup>(thread_.executor());
        for (Source& source : sources_)
            group_->spawn(std::string(source.collector->name()), run_source(source, fail_fast));
    });
}

void Lane::cancel() {
    asio::post(thread_.executor(), [this] {
        if (group_) group_->cancel();
    });
}

Task<Result<>> Lane::run_source(Source& source, bool fail_fast) {
    auto result = co_await source.collector->run(*source.sink);
    co_await source.sink->finish();
    if (source.owns_out) source.out->finish();
    if (result || fail_fast) co_return result;
    failures_.push_back(result.error().within(source.collector->name()));
    co_return Result<>{};
}

Task<std::vector<Error>> Lane::join() {
    auto body = [](Lane* lane) -> Task<std::vector<Error>> {
        const auto result = co_await lane->group_->join();
        auto failures = std::move(lane->failures_);
        if (!result) failures.push_back(result.error());
        co_return failures;
    };
    co_return co_await run_task_on(thread_.executor(), body(this));
}

}  // namespace kentongan
