#pragma once
// The most frequent keys of a stream, in fixed memory (Metwally, Agrawal and El Abbadi, "Efficient
// Computation of Frequent and Top-k Elements in Data Streams", 2005).
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/anomaly/keyed_hash.hpp"

namespace kentongan::anomaly {

/// Of N additions each key seen more than N/k times is among the k kept, and no count is wrong by
/// more than N/k. A new key takes the place of the least frequent one and inherits its count as
/// error. Hashes are keyed. Counts are kept in order by a list of buckets, so an addition is O(1)
/// whatever keys a sender chooses. Keys are texts; a place keeps its text's memory when its key
/// changes, so a full table allocates for longer keys only.
class SpaceSaving {
  public:
    struct Touched {
        std::size_t place;  ///< 0 to capacity - 1; a key keeps its place
        bool created;       ///< the key was not there
        bool replaced;      ///< and took another's place
    };

    explicit SpaceSaving(std::size_t capacity = 1000, std::uint64_t seed = 0)
        : capacity_(std::max<std::size_t>(capacity, 1)), hash_(seed) {
        places_.reserve(capacity_);
        buckets_.reserve(capacity_ + 1);
        index_.reserve(capacity_);
    }

    Touched add(std::string_view key) {
        ++total_;
        const std::uint64_t hash = hash_(key);
        if (const auto found = index_.find(hash); found != index_.end()) {
            // Two keys with one 64-bit keyed hash are taken for one.
            raise(found->second);
            return {found->second, false, false};
        }
        if (places_.size() < capacity_) {
            const auto place = static_cast<std::uint32_t>(places_.size());
            places_.push_back({std::string(key), hash, 0, kNone, kNone, kNone});
            index_.emplace(hash, place);
            raise(place);
            return {place, true, false};
        }
        const std::uint32_t place = buckets_[least_].first;
        Place& taken = places_[place];
        index_.erase(taken.hash);
        index_.emplace(hash, place);
        taken.error = buckets_[least_].count;
        taken.hash = hash;
        taken.key.assign(key);
        ++replaced_;
        raise(place);
        return {place, true, true};
    }

    [[nodiscard]] const std::string& key(std::size_t place) const { return places_[place].key; }
    /// At least the key's true count, and at most error() above it.
    [[nodiscard]] std::uint64_t count(std::size_t place) const {
        return buckets_[places_[place].bucket].count;
    }
    [[nodiscard]] std::uint64_t error(std::size_t place) const { return places_[place].error; }
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] std::uint64_t total() const { return total_; }
    /// Keys pushed out.
    [[nodiscard]] std::uint64_t replaced() const { return replaced_; }

  private:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    struct Place {
        std::string key;
        std::uint64_t hash = 0;
        std::uint64_t error = 0;
        std::uint32_t bucket = kNone;
        std::uint32_t next = kNone;  // in the bucket
        std::uint32_t before = kNone;
    };
    /// The places of one count; buckets are a list by count.
    struct Bucket {
        std::uint64_t count = 0;
        std::uint32_t first = kNone;
        std::uint32_t next = kNone;
        std::uint32_t before = kNone;
    };

    /// Moves a place into the bucket of the next count.
    void raise(std::uint32_t place) {
        const std::uint32_t old = places_[place].bucket;
        const std::uint64_t count = old == kNone ? 1 : buckets_[old].count + 1;
        const std::uint32_t after = old == kNone ? least_ : buckets_[old].next;
        std::uint32_t to = after;
        if (after == kNone || buckets_[after].count != count) to = insert(count, old, after);
        if (old != kNone) take_out(place, old);
        put_in(place, to);
    }
    std::uint32_t insert(std::uint64_t count, std::uint32_t before, std::uint32_t after) {
        std::uint32_t at = free_;
        if (at != kNone) {
            free_ = buckets_[at].next;
        } else {
            at = static_cast<std::uint32_t>(buckets_.size());
            buckets_.emplace_back();
        }
        buckets_[at] = {count, kNone, after, before};
        (before == kNone ? least_ : buckets_[before].next) = at;
        if (after != kNone) buckets_[after].before = at;
        return at;
    }
    void take_out(std::uint32_t place, std::uint32_t from) {
        const Place& it = places_[place];
        (it.before == kNone ? buckets_[from].first : places_[it.before].next) = it.next;
        if (it.next != kNone) places_[it.next].before = it.before;
        Bucket& bucket = buckets_[from];
        if (bucket.first != kNone) return;
        (bucket.before == kNone ? least_ : buckets_[bucket.before].next) = bucket.next;
        if (bucket.next != kNone) buckets_[bucket.next].before = bucket.before;
        bucket.next = free_;
        free_ = from;
    }
    void put_in(std::uint32_t place, std::uint32_t to) {
        Place& it = places_[place];
        it.bucket = to;
        it.before = kNone;
        it.next = buckets_[to].first;
        if (it.next != kNone) places_[it.next].before = place;
        buckets_[to].first = place;
    }

    std::size_t capacity_;
    KeyedHash hash_;
    std::vector<Place> places_;
    std::vector<Bucket> buckets_;
    std::uint32_t least_ = kNone;
    std::uint32_t free_ = kNone;
    std::uint64_t total_ = 0;
    std::uint64_t replaced_ = 0;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> index_;  // by keyed hash
};

}  // namespace kentongan::anomaly
