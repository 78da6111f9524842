#pragma once
// Small arrays of words in a few sizes, kept in one vector a size: what groups of a correlation
// remember, at 8 bytes a word and nothing more.
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace kentongan::sigma {

/// Spans are valid until the next acquire(). Not thread-safe.
class BlockPool {
  public:
    struct Block {
        static constexpr std::uint8_t kNone = 0xFF;
        std::uint32_t index = 0;
        std::uint8_t size_class = kNone;
    };

    /// Sizes go from `least` words (at least 1) by factors of four up to `most`.
    BlockPool(std::size_t least, std::size_t most) {
        for (std::size_t words = std::max<std::size_t>(least, 1); words < most; words *= 4)
            sizes_.push_back({words, {}, {}});
        sizes_.push_back({std::max<std::size_t>(most, 1), {}, {}});
    }

    [[nodiscard]] std::size_t classes() const { return sizes_.size(); }
    [[nodiscard]] std::size_t words(std::uint8_t size_class) const {
        return sizes_[size_class].words;
    }
    /// A block of zeros.
    [[nodiscard]] Block acquire(std::uint8_t size_class) {
        Size& size = sizes_[size_class];
        used_ += size.words * 8;
        if (size.free.empty()) {
            grow(size.storage, size.words);
            return {static_cast<std::uint32_t>(size.storage.size() / size.words - 1), size_class};
        }
        const Block out{size.free.back(), size_class};
        size.free.pop_back();
        std::ranges::fill(span(out), 0);
        return out;
    }
    void release(Block block) {
        if (block.size_class == Block::kNone) return;
        used_ -= sizes_[block.size_class].words * 8;
        sizes_[block.size_class].free.push_back(block.index);
    }
    [[nodiscard]] std::span<std::uint64_t> span(Block block) {
        if (block.size_class == Block::kNone) return {};
        Size& size = sizes_[block.size_class];
        return std::span(size.storage).subspan(block.index * size.words, size.words);
    }
    /// Bytes held, in use or not.
    [[nodiscard]] std::size_t memory() const {
        std::size_t out = 0;
        for (const Size& size : sizes_)
            out += size.storage.capacity() * 8 + size.free.capacity() * 4;
        return out;
    }
    /// Bytes of blocks in use.
    [[nodiscard]] std::size_t used() const { return used_; }

  private:
    struct Size {
        std::size_t words;
        std::vector<std::uint64_t> storage;
        std::vector<std::uint32_t> free;
    };
    /// By a quarter: doubling would leave half of a large table empty.
    static void grow(std::vector<std::uint64_t>& storage, std::size_t words) {
        if (storage.size() + words > storage.capacity())
            storage.reserve(storage.size() + std::max(storage.size() / 4, words));
        storage.resize(storage.size() + words);
    }

    std::vector<Size> sizes_;
    std::size_t used_ = 0;
};

}  // namespace kentongan::sigma
