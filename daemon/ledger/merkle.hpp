#pragma once
// The Merkle tree of RFC 6962: hashes of leaves and nodes, and the checks of proofs as RFC 9162,
// sections 2.1.3.2 and 2.1.4.2, spells them out.
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/base/digest.hpp"
#include "daemon/base/error.hpp"

namespace kentongan::ledger {

using Hash = Sha256Digest;
using Proof = std::vector<Hash>;

/// No proof of a tree of fewer than 2^64 leaves is longer.
inline constexpr std::size_t kLongestProof = 64;

/// SHA-256(0x00 || entry).
[[nodiscard]] Hash leaf_hash(std::string_view entry);
/// SHA-256(0x01 || left || right).
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);
/// Of the empty tree: SHA-256 of nothing.
[[nodiscard]] Hash empty_root();

/// The hash of the complete subtree of 2^height leaves, the `index`-th of its height.
using NodeReader = std::function<Result<Hash>(unsigned height, std::uint64_t index)>;

/// MTH(D[begin:end]); begin is a multiple of the largest power of two below end - begin.
[[nodiscard]] Result<Hash> range_hash(std::uint64_t begin, std::uint64_t end,
                                      const NodeReader& node);
/// Of the leaf `index` in the tree of `size` leaves; index < size.
[[nodiscard]] Result<Proof> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                            const NodeReader& node);
/// Of the tree of `old_size` leaves in that of `size`; empty when old_size is 0 or size.
[[nodiscard]] Result<Proof> prove_consistency(std::uint64_t old_size, std::uint64_t size,
                                              const NodeReader& node);

[[nodiscard]] bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                    const Proof& proof, const Hash& root);
[[nodiscard]] bool verify_consistency(std::uint64_t old_size, std::uint64_t size,
                                      const Proof& proof, const Hash& old_root, const Hash& root);

/// The root of a tree that grows leaf by leaf, in the memory of one path.
class GrowingTree {
  public:
    void add(const Hash& leaf);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] Hash root() const;

  private:
    std::uint64_t size_ = 0;
    std::vector<Hash> peaks_;  // of the complete subtrees, the largest first
};

}  // namespace kentongan::ledger
