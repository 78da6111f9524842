#pragma once
// RateLimit: so many requests a second for each client, and a burst above.
#include <map>
#include <string>
#include <string_view>

#include "daemon/base/time.hpp"

namespace kentongan::api {

/// A token bucket a client; one thread. The table is capped: the client heard of longest ago goes.
class RateLimit {
  public:
    static constexpr std::size_t kMost = 4096;

    RateLimit(double per_second, double burst) : per_second_(per_second), burst_(burst) {}

    /// Zero: it may go on; else how long it has to wait. `now` goes forward.
    [[nodiscard]] Duration take(std::string_view client, Timestamp now);
    [[nodiscard]] std::size_t size() const { return buckets_.size(); }

  private:
    struct Bucket {
        double tokens = 0;
        Timestamp filled{};
    };
    double per_second_;
    double burst_;
    std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace kentongan::api
