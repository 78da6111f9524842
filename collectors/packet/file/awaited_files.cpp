#include "collectors/packet/file/awaited_files.hpp"

#include <iterator>
#include <utility>

namespace kentongan::packet {

void AwaitedFiles::drop(Table::iterator entry) {
    oldest_first_.erase(entry->second.place);
    table_.erase(entry);
    size_.store(table_.size(), std::memory_order_relaxed);
}

bool AwaitedFiles::await(const AwaitedEnds& ends, AwaitedFile file, Timestamp now) {
    const std::lock_guard lock(mutex_);
    if (const auto known = table_.find(ends); known != table_.end()) drop(known);
    const auto oldest = [this] { return table_.find(oldest_first_.front()); };
    while (!table_.empty() && oldest()->second.until < now) drop(oldest());
    const bool full = table_.size() >= limit_;
    if (full) drop(oldest());
    const auto place = oldest_first_.insert(oldest_first_.end(), ends);
    table_.emplace(ends, Entry{std::move(file), now + kPatience, place});
    size_.store(table_.size(), std::memory_order_relaxed);
    return !full;
}

void AwaitedFiles::forget(const AwaitedEnds& ends) {
    const std::lock_guard lock(mutex_);
    if (const auto found = table_.find(ends); found != table_.end()) drop(found);
}

std::optional<AwaitedFile> AwaitedFiles::take(const AwaitedEnds& ends, Timestamp now) {
    if (size() == 0) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const auto found = table_.find(ends);
    if (found == table_.end()) return std::nullopt;
    std::optional<AwaitedFile> out;
    if (found->second.until >= now) out = std::move(found->second.file);
    drop(found);
    return out;
}

}  // namespace kentongan::packet
