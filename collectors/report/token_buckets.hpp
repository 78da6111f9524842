#pragma once
// Token buckets, one a key: what an hour gives may be spent at once, and comes back evenly.
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "daemon/base/time.hpp"

namespace kentongan::report {

/// At most `most` keys: the longest unused makes room, and if its bucket was not full again, that
/// is counted. One thread.
class TokenBuckets {
  public:
    TokenBuckets(double per_hour, std::size_t most);

    /// Takes `cost` tokens; nothing when they were there, else how long until they will be.
    [[nodiscard]] std::optional<Duration> take(const std::string& key, double cost, Timestamp now);
    /// The same without taking them.
    [[nodiscard]] std::optional<Duration> wait(const std::string& key, double cost, Timestamp now);

    [[nodiscard]] std::size_t size() const { return buckets_.size(); }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    struct Bucket {
        std::string key;
        double tokens = 0;
        Timestamp filled{};
    };
    using Buckets = std::list<Bucket>;  // longest unused first

    Bucket& find(const std::string& key, Timestamp now);
    void fill(Bucket& bucket, Timestamp now) const;
    [[nodiscard]] Duration until(const Bucket& bucket, double cost) const;

    double capacity_;
    double per_second_;
    std::size_t most_;
    std::uint64_t evicted_ = 0;
    Buckets buckets_;
    std::unordered_map<std::string, Buckets::iterator> index_;
};

}  // namespace kentongan::report
