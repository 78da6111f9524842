#include "daemon/detect/sigma/literal_set.hpp"

#include <algorithm>
#include <bit>

namespace kentongan::sigma {

namespace {
constexpr std::size_t kLeastBuckets = 256;
constexpr std::size_t kMostBuckets = std::size_t{1} << 20;
constexpr std::size_t kBucketsPerLiteral = 16;
}  // namespace

GramTable::GramTable(std::size_t width, std::span<const Literal> literals) : width_(width) {
    if (literals.empty()) return;
    const std::size_t buckets = std::clamp(std::bit_ceil(literals.size() * kBucketsPerLiteral),
                                           kLeastBuckets, kMostBuckets);
    shift_ = 32 - static_cast<unsigned>(std::bit_width(buckets) - 1);
    std::vector<std::uint32_t> load(buckets);
    std::vector<std::pair<std::uint32_t, Entry>> filed;
    for (const Literal& literal : literals) {
        const std::uint32_t offset = best_offset(literal.text, load);
        const std::uint32_t bucket = bucket_of(literal.text.data() + offset);
        ++load[bucket];
        filed.push_back({bucket,
                         {static_cast<std::uint32_t>(pool_.size()),
                          static_cast<std::uint32_t>(literal.text.size()), offset, literal.id}});
        pool_ += literal.text;
    }
    std::ranges::sort(filed, {},
                      [](const auto& entry) { return std::pair{entry.first, entry.second.start}; });
    filled_.resize((buckets + 63) / 64);
    starts_.resize(buckets + 1);
    for (const auto& [bucket, entry] : filed) {
        filled_[bucket / 64] |= std::uint64_t{1} << (bucket % 64);
        ++starts_[bucket + 1];
        entries_.push_back(entry);
    }
    for (std::size_t i = 0; i < buckets; ++i) starts_[i + 1] += starts_[i];
}

std::uint32_t GramTable::best_offset(std::string_view text,
                                     const std::vector<std::uint32_t>& load) const {
    std::uint32_t best = 0;
    std::uint32_t least = ~std::uint32_t{0};
    for (std::uint32_t offset = 0; offset + width_ <= text.size(); ++offset)
        if (const auto companions = load[bucket_of(text.data() + offset)]; companions < least) {
            best = offset;
            least = companions;
        }
    return best;
}

LiteralSet::LiteralSet(std::span<const GramTable::Literal> literals) {
    constexpr std::array<std::size_t, 3> kWidths{4, 2, 1};
    for (std::size_t i = 0; i < kWidths.size(); ++i) {
        std::vector<GramTable::Literal> fitting;
        for (const auto& literal : literals)
            if (literal.text.size() >= kWidths[i] &&
                (i == 0 || literal.text.size() < kWidths[i - 1]))
                fitting.push_back(literal);
        tables_[i] = GramTable(kWidths[i], fitting);
    }
}

bool LiteralSet::empty() const {
    return std::ranges::all_of(tables_, [](const GramTable& table) { return table.empty(); });
}

}  // namespace kentongan::sigma
