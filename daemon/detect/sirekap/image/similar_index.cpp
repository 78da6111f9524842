#include "daemon/detect/sirekap/image/similar_index.hpp"

#include <algorithm>

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kBands = 8;
constexpr std::size_t kBucket = 64;

std::uint32_t bucket_of(const CellHash& hash, std::size_t band) {
    const auto bits = hash.words[band / 4] >> (16 * (band % 4)) & 0xFFFF;
    return static_cast<std::uint32_t>(band << 16 | bits);
}
}  // namespace

SimilarIndex::SimilarIndex(std::int64_t capacity)
    : capacity_(static_cast<std::size_t>(std::max<std::int64_t>(capacity, 1))) {}

const SimilarIndex::Entry* SimilarIndex::entry(std::uint64_t number) const {
    const Entry& found = entries_[(number - 1) % capacity_];
    return found.number == number ? &found : nullptr;
}

std::uint64_t SimilarIndex::keep(const CellHash& hash, std::uint64_t tps) {
    const Entry made{hash, tps, ++numbers_};
    if (entries_.size() < capacity_) {
        entries_.push_back(made);
    } else {
        Entry& oldest = entries_[(made.number - 1) % capacity_];
        for (std::size_t band = 0; band < kBands; ++band)
            if (const auto bucket = buckets_.find(bucket_of(oldest.hash, band));
                bucket != buckets_.end()) {
                std::erase(bucket->second, oldest.number);
                if (bucket->second.empty()) buckets_.erase(bucket);
            }
        oldest = made;
        ++evicted_;
    }
    return made.number;
}

std::optional<SimilarIndex::Found> SimilarIndex::add(const CellHash& hash, std::uint64_t tps) {
    std::optional<Found> best;
    std::uint64_t best_number = 0;
    bool known = false;
    for (std::size_t band = 0; band < kBands; ++band) {
        const auto bucket = buckets_.find(bucket_of(hash, band));
        if (bucket == buckets_.end()) continue;
        for (const std::uint64_t number : bucket->second) {
            const Entry* other = entry(number);
            if (other == nullptr) continue;
            const int distance = hash.distance(other->hash);
            if (other->tps == tps) {
                known = known || distance == 0;
                continue;
            }
            if (distance > kMostDifferent) continue;
            if (best && (distance > best->distance ||
                         (distance == best->distance && number >= best_number)))
                continue;
            best = Found{other->tps, distance};
            best_number = number;
        }
    }
    if (known) return best;
    const std::uint64_t number = keep(hash, tps);
    for (std::size_t band = 0; band < kBands; ++band) {
        auto& bucket = buckets_[bucket_of(hash, band)];
        if (bucket.size() == kBucket) bucket.erase(bucket.begin());
        bucket.push_back(number);
    }
    return best;
}

}  // namespace kentongan::sirekap
