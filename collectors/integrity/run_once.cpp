// Listing a tree once, as recorded input, and what both ways of running count and tell.
#include <algorithm>

#include "collectors/integrity/run.hpp"

namespace kentongan::integrity {

Task<Result<>> IntegrityCollector::Run::list_once() {
    const auto pass = co_await scan({std::nullopt, true, collector_.clock_.now(), {}});
    if (pass->listing().is_gone("")) co_return no_folder();
    struct Item {
        Change change;
        std::uint64_t position;
    };
    std::vector<Item> items;
    for (Found& found : pass->listing().found)
        if (found.entry.type == FileType::regular)
            items.push_back({{found.path, std::nullopt, found.entry}, items.size() + 1});
    auto time_of = [](const Item& item) { return item.change.current->mtime_ns; };
    std::ranges::sort(items, {},
                      [&](const Item& item) { return std::pair{time_of(item), item.position}; });

    Event event;
    for (std::size_t i = 0; i < items.size(); ++i) {
        shared_->names.learn(items[i].change);
        watermark_ = from_nanoseconds(time_of(items[i]));
        describe(items[i].change, source(), watermark_, items[i].position, event);
        sink_.emit(event);
        if (i % kBatch == kBatch - 1) co_await sink_.flush(watermark_);
    }
    co_await sink_.flush(watermark_);
    count(*pass, true);
    co_return Result<>{};
}

void IntegrityCollector::Run::count(const Pass& pass, bool whole) {
    Metrics& metrics = collector_.metrics_;
    const std::string& tree = collector_.name_;
    for (const auto& [reason, number] : pass.listing().troubles) trouble(reason, number);
    metrics.fim_hashed_bytes.with({tree}).add(static_cast<double>(pass.hashed_bytes()));
    const std::size_t files =
        options_.once ? pass.listing().found.size() : shared_->baseline.entries.size();
    metrics.fim_files_watched.with({tree}).set(static_cast<double>(files));
    if (!whole) return;
    metrics.fim_scan_last_success.with({tree}).set(
        to_seconds(collector_.clock_.now().time_since_epoch()));
}

void IntegrityCollector::Run::trouble(std::string_view reason, std::uint64_t count) {
    collector_.metrics_.fim_errors.with({reason}).add(static_cast<double>(count));
}

/// Now, but never back: a clock that is set back must not make events older than a flush said.
Timestamp IntegrityCollector::Run::advance() {
    return watermark_ = std::max(watermark_, collector_.clock_.now());
}

EventSource IntegrityCollector::Run::source() const {
    return {collector_.source_, options_.kind, &shared_->tree, &shared_->names};
}

Bookmark IntegrityCollector::Run::bookmark(std::uint64_t generation) const {
    return {std::string(collector_.source_), to_json(Progress{shared_->baseline.id, generation})};
}

std::unexpected<Error> IntegrityCollector::Run::no_folder() const {
    const std::string& name = collector_.name_;
    return fail(ErrorCode::no_input,
                "integrity.{}: there is no folder {}; mend integrity.{}.path in the settings", name,
                options_.path, name);
}

}  // namespace kentongan::integrity
