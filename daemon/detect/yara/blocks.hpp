#pragma once
// Bytes as libyara takes them: only some ranges while it searches for strings, the whole of them
// while it evaluates conditions. Private to this folder.
#include <yara.h>

#include <span>

#include "daemon/base/bytes.hpp"
#include "daemon/detect/yara/prefilter.hpp"

namespace kentongan::yara {

/// For one scan; not movable, since libyara holds its address.
class Blocks {
  public:
    Blocks(Bytes content, std::span<const Range> ranges) : content_(content), ranges_(ranges) {
        iterator_ = {this, first, next, size, ERROR_SUCCESS};
    }
    Blocks(const Blocks&) = delete;
    Blocks& operator=(const Blocks&) = delete;

    [[nodiscard]] YR_MEMORY_BLOCK_ITERATOR* iterator() { return &iterator_; }

  private:
    static Blocks& of(YR_MEMORY_BLOCK_ITERATOR* iterator) {
        return *static_cast<Blocks*>(iterator->context);
    }
    /// libyara begins anew once for its search, then for each question of a condition.
    static YR_MEMORY_BLOCK* first(YR_MEMORY_BLOCK_ITERATOR* iterator) {
        Blocks& self = of(iterator);
        self.searching_ = !self.searched_;
        self.searched_ = true;
        self.at_ = 0;
        if (self.searching_) return next(iterator);
        return self.block({0, self.content_.size()});
    }
    static YR_MEMORY_BLOCK* next(YR_MEMORY_BLOCK_ITERATOR* iterator) {
        Blocks& self = of(iterator);
        if (!self.searching_ || self.at_ == self.ranges_.size()) return nullptr;
        return self.block(self.ranges_[self.at_++]);
    }
    static std::uint64_t size(YR_MEMORY_BLOCK_ITERATOR* iterator) {
        return of(iterator).content_.size();
    }
    static const std::uint8_t* bytes(YR_MEMORY_BLOCK* block) {
        static constexpr std::uint8_t kNothing = 0;
        const Bytes content = static_cast<const Blocks*>(block->context)->content_;
        return content.empty() ? &kNothing : content.data() + block->base;
    }
    YR_MEMORY_BLOCK* block(const Range& range) {
        block_ = {static_cast<std::size_t>(range.end - range.begin), range.begin, this, bytes};
        return &block_;
    }

    Bytes content_;
    std::span<const Range> ranges_;
    std::size_t at_ = 0;
    bool searched_ = false;
    bool searching_ = false;
    YR_MEMORY_BLOCK block_{};
    YR_MEMORY_BLOCK_ITERATOR iterator_{};
};

}  // namespace kentongan::yara
