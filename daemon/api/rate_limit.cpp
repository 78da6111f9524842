#include "daemon/api/rate_limit.hpp"

#include <algorithm>

namespace kentongan::api {

Duration RateLimit::take(std::string_view client, Timestamp now) {
    auto found = buckets_.find(client);
    if (found == buckets_.end()) {
        if (buckets_.size() >= kMost)
            buckets_.erase(std::ranges::min_element(
                buckets_, {}, [](const auto& one) { return one.second.filled; }));
        found = buckets_.emplace(std::string{client}, Bucket{burst_, now}).first;
    }
    Bucket& bucket = found->second;
    const double passed = std::max(0.0, to_seconds(now - bucket.filled));
    bucket.tokens = std::min(burst_, bucket.tokens + passed * per_second_);
    bucket.filled = std::max(bucket.filled, now);
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return {};
    }
    return Duration{static_cast<Duration::rep>((1 - bucket.tokens) / per_second_ * 1e9)};
}

}  // namespace kentongan::api
