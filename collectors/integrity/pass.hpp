#pragma once
// Pass: one look at a tree, or at some folders of it, from the walk to the list of changes. Its
// three steps run on scan threads one after the other; only hash() on several at once.
#include <memory>
#include <optional>

#include "collectors/integrity/baseline.hpp"
#include "collectors/integrity/compare.hpp"
#include "collectors/integrity/hash.hpp"

namespace kentongan::integrity {

class Pass {
  public:
    struct Request {
        std::optional<Folders> folders;  ///< nothing: the whole tree
        bool hash_all = false;           ///< do not trust the quick check
        Timestamp now{};
        FolderSeen seen;
    };
    /// `tree` and `known` outlive the pass; nobody changes `known` meanwhile.
    Pass(const Tree& tree, const Entries& known, Request request)
        : tree_(tree), known_(known), request_(std::move(request)) {}

    void list(const std::atomic<bool>& stop);
    void hash(const std::atomic<bool>& stop) { queue_->work(stop); }
    /// `comparing`: with what is known; not for a first scan.
    void conclude(bool comparing);

    [[nodiscard]] Listing& listing() { return listing_; }
    [[nodiscard]] const Listing& listing() const { return listing_; }
    [[nodiscard]] Comparison& comparison() { return comparison_; }
    [[nodiscard]] std::uint64_t hashed_bytes() const { return queue_->bytes(); }

  private:
    const Tree& tree_;
    const Entries& known_;
    Request request_;
    Listing listing_;
    std::unique_ptr<HashQueue> queue_;
    Comparison comparison_;
};

}  // namespace kentongan::integrity
