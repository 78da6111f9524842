#pragma once
// Finds many literals in one pass over a text.
//
// Each literal is filed under one of its 4-byte grams (2 or 1 bytes when it is shorter), the one
// with the fewest companions. At every position of the text one hash and one bit say whether a
// literal can be near; only then is it compared. This is the fingerprint step of Wu and Manber
// ("A fast algorithm for multi-pattern searching", 1994) without skipping.
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::sigma {

/// Literals filed under grams of one width. Immutable after build().
class GramTable {
  public:
    struct Literal {
        std::string text;
        std::uint32_t id = 0;  ///< handed to the caller on a hit
    };

    GramTable() = default;
    GramTable(std::size_t width, std::span<const Literal> literals);

    [[nodiscard]] bool empty() const { return entries_.empty(); }

    /// Calls hit(id, begin) for every place where a literal stands.
    template <class Hit>
    void scan(std::string_view text, Hit&& hit) const {
        if (entries_.empty() || text.size() < width_) return;
        for (std::size_t at = 0; at + width_ <= text.size(); ++at) {
            const std::uint32_t bucket = bucket_of(text.data() + at);
            if ((filled_[bucket / 64] >> (bucket % 64) & 1) == 0) continue;
            for (auto i = starts_[bucket]; i < starts_[bucket + 1]; ++i)
                if (stands(entries_[i], text, at)) hit(entries_[i].id, at - entries_[i].offset);
        }
    }

  private:
    struct Entry {
        std::uint32_t start;  // in pool_
        std::uint32_t length;
        std::uint32_t offset;  // of the gram in the literal
        std::uint32_t id;
    };

    [[nodiscard]] std::uint32_t bucket_of(const char* gram) const {
        std::uint32_t value = 0;
        if (width_ == 4)
            std::memcpy(&value, gram, 4);
        else if (width_ == 2)
            value = static_cast<unsigned char>(gram[0]) |
                    static_cast<std::uint32_t>(static_cast<unsigned char>(gram[1])) << 8;
        else
            value = static_cast<unsigned char>(gram[0]);
        return value * 0x9E37'79B1u >> shift_;
    }
    [[nodiscard]] bool stands(const Entry& entry, std::string_view text, std::size_t at) const {
        if (at < entry.offset || text.size() - (at - entry.offset) < entry.length) return false;
        return std::memcmp(text.data() + at - entry.offset, pool_.data() + entry.start,
                           entry.length) == 0;
    }
    [[nodiscard]] std::uint32_t best_offset(std::string_view text,
                                            const std::vector<std::uint32_t>& load) const;

    std::size_t width_ = 4;
    unsigned shift_ = 31;
    std::string pool_;
    std::vector<std::uint64_t> filled_;  // a bit for each bucket
    std::vector<std::uint32_t> starts_;  // entries of bucket b: starts_[b] to starts_[b + 1]
    std::vector<Entry> entries_;
};

/// Literals of any length but zero.
class LiteralSet {
  public:
    LiteralSet() = default;
    explicit LiteralSet(std::span<const GramTable::Literal> literals);

    [[nodiscard]] bool empty() const;

    template <class Hit>
    void scan(std::string_view text, Hit&& hit) const {
        for (const GramTable& table : tables_) table.scan(text, hit);
    }

  private:
    std::array<GramTable, 3> tables_;  // grams of 4, 2 and 1 bytes
};

}  // namespace kentongan::sigma
