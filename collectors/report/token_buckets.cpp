#include "collectors/report/token_buckets.hpp"

#include <algorithm>

namespace kentongan::report {

TokenBuckets::TokenBuckets(double per_hour, std::size_t most)
    : capacity_(std::max(per_hour, 1.0)),
      per_second_(std::max(per_hour, 0.01) / 3600),
      most_(std::max<std::size_t>(most, 1)) {}

std::optional<Duration> TokenBuckets::wait(const std::string& key, double cost, Timestamp now) {
    const auto found = index_.find(key);
    if (found == index_.end()) return std::nullopt;
    fill(*found->second, now);
    if (found->second->tokens >= cost) return std::nullopt;
    return until(*found->second, cost);
}

std::optional<Duration> TokenBuckets::take(const std::string& key, double cost, Timestamp now) {
    Bucket& bucket = find(key, now);
    if (bucket.tokens < cost) return until(bucket, cost);
    bucket.tokens -= cost;
    return std::nullopt;
}

TokenBuckets::Bucket& TokenBuckets::find(const std::string& key, Timestamp now) {
    if (const auto found = index_.find(key); found != index_.end()) {
        buckets_.splice(buckets_.end(), buckets_, found->second);
        fill(*found->second, now);
        return *found->second;
    }
    if (buckets_.size() == most_) {
        Bucket& oldest = buckets_.front();
        fill(oldest, now);
        if (oldest.tokens < capacity_) ++evicted_;
        index_.erase(oldest.key);
        buckets_.pop_front();
    }
    buckets_.push_back({key, capacity_, now});
    index_.emplace(key, std::prev(buckets_.end()));
    return buckets_.back();
}

/// A clock that went back gives nothing and takes nothing.
void TokenBuckets::fill(Bucket& bucket, Timestamp now) const {
    const Duration passed = std::max(now - bucket.filled, Duration::zero());
    bucket.tokens = std::min(capacity_, bucket.tokens + to_seconds(passed) * per_second_);
    bucket.filled = std::max(bucket.filled, now);
}

Duration TokenBuckets::until(const Bucket& bucket, double cost) const {
    const double seconds = (std::min(cost, capacity_) - bucket.tokens) / per_second_;
    return std::chrono::seconds{static_cast<std::int64_t>(std::max(seconds, 0.0)) + 1};
}

}  // namespace kentongan::report
