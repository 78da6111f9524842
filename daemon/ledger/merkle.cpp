#include "daemon/ledger/merkle.hpp"

#include <openssl/evp.h>

#include <bit>
#include <memory>
#include <new>

namespace kentongan::ledger {

namespace {

/// SHA-256 of short things, many times: the algorithm is looked up once.
class Hasher {
  public:
    Hasher() {
        if (!context_ || EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) != 1)
            throw std::bad_alloc{};
    }

    Hash operator()(std::uint8_t prefix, Bytes first, Bytes second = {}) {
        Hash out;
        EVP_DigestInit_ex2(context_.get(), nullptr, nullptr);
        EVP_DigestUpdate(context_.get(), &prefix, 1);
        EVP_DigestUpdate(context_.get(), first.data(), first.size());
        if (!second.empty()) EVP_DigestUpdate(context_.get(), second.data(), second.size());
        EVP_DigestFinal_ex(context_.get(), out.data(), nullptr);
        return out;
    }

  private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    static const EVP_MD* algorithm() {
        static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
        return found;
    }
    std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

Hasher& hasher() {
    thread_local Hasher one;
    return one;
}

/// The largest power of two below `count`, which is at least 2.
std::uint64_t split(std::uint64_t count) { return std::bit_floor(count - 1); }

struct Prover {
    const NodeReader& node;
    Proof out{};

    Result<> add(std::uint64_t begin, std::uint64_t end) {
        auto hash = range_hash(begin, end, node);
        if (!hash) return std::unexpected(hash.error());
        out.push_back(*hash);
        return {};
    }

    /// PATH(index, D[begin:end]).
    Result<> path(std::uint64_t index, std::uint64_t begin, std::uint64_t end) {
        if (end - begin == 1) return {};
        const std::uint64_t middle = begin + split(end - begin);
        const bool left = index < middle;
        if (auto done = left ? path(index, begin, middle) : path(index, middle, end); !done)
            return done;
        return left ? add(middle, end) : add(begin, middle);
    }

    /// SUBPROOF(old, D[begin:end], known), where `old` is the end of the old tree.
    Result<> subproof(std::uint64_t old, std::uint64_t begin, std::uint64_t end, bool known) {
        if (old == end) return known ? Result<>{} : add(begin, end);
        const std::uint64_t middle = begin + split(end - begin);
        if (old <= middle) {
            if (auto done = subproof(old, begin, middle, known); !done) return done;
            return add(middle, end);
        }
        if (auto done = subproof(old, middle, end, false); !done) return done;
        return add(begin, middle);
    }
};

}  // namespace

Hash leaf_hash(std::string_view entry) { return hasher()(0, as_bytes(entry)); }
Hash node_hash(const Hash& left, const Hash& right) { return hasher()(1, left, right); }
Hash empty_root() { return sha256({}); }

Result<Hash> range_hash(std::uint64_t begin, std::uint64_t end, const NodeReader& node) {
    if (begin == end) return empty_root();
    const std::uint64_t count = end - begin;
    if (std::has_single_bit(count)) {
        const auto height = static_cast<unsigned>(std::countr_zero(count));
        return node(height, begin >> height);
    }
    const std::uint64_t middle = begin + split(count);
    const auto left = range_hash(begin, middle, node);
    if (!left) return left;
    const auto right = range_hash(middle, end, node);
    if (!right) return right;
    return node_hash(*left, *right);
}

Result<Proof> prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeReader& node) {
    if (index >= size)
        return fail(ErrorCode::usage, "no entry {}: the history has {}", index, size);
    Prover prover{node};
    if (auto done = prover.path(index, 0, size); !done) return std::unexpected(done.error());
    return std::move(prover.out);
}

Result<Proof> prove_consistency(std::uint64_t old_size, std::uint64_t size,
                                const NodeReader& node) {
    if (old_size > size)
        return fail(ErrorCode::usage, "the history has {} entries, not {}", size, old_size);
    Prover prover{node};
    if (old_size == 0 || old_size == size) return std::move(prover.out);
    if (auto done = prover.subproof(old_size, 0, size, true); !done)
        return std::unexpected(done.error());
    return std::move(prover.out);
}

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Proof& proof,
                      const Hash& root) {
    if (index >= size) return false;
    std::uint64_t here = index;
    std::uint64_t last = size - 1;
    Hash hash = leaf;
    for (const Hash& sibling : proof) {
        if (last == 0) return false;
        if ((here & 1) != 0 || here == last) {
            hash = node_hash(sibling, hash);
            while ((here & 1) == 0 && here != 0) {
                here >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        here >>= 1;
        last >>= 1;
    }
    return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t old_size, std::uint64_t size, const Proof& proof,
                        const Hash& old_root, const Hash& root) {
    if (old_size > size) return false;
    if (old_size == size) return proof.empty() && old_root == root;
    if (old_size == 0) return proof.empty() && old_root == empty_root();
    Proof path = proof;
    if (std::has_single_bit(old_size)) path.insert(path.begin(), old_root);
    if (path.empty()) return false;
    std::uint64_t here = old_size - 1;
    std::uint64_t last = size - 1;
    while ((here & 1) != 0) {
        here >>= 1;
        last >>= 1;
    }
    Hash old_hash = path.front();
    Hash hash = path.front();
    for (std::size_t i = 1; i < path.size(); ++i) {
        if (last == 0) return false;
        if ((here & 1) != 0 || here == last) {
            old_hash = node_hash(path[i], old_hash);
            hash = node_hash(path[i], hash);
            while ((here & 1) == 0 && here != 0) {
                here >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, path[i]);
        }
        here >>= 1;
        last >>= 1;
    }
    return last == 0 && old_hash == old_root && hash == root;
}

void GrowingTree::add(const Hash& leaf) {
    peaks_.push_back(leaf);
    for (std::uint64_t ones = size_++; (ones & 1) != 0; ones >>= 1) {
        const Hash right = peaks_.back();
        peaks_.pop_back();
        peaks_.back() = node_hash(peaks_.back(), right);
    }
}

Hash GrowingTree::root() const {
    if (peaks_.empty()) return empty_root();
    Hash out = peaks_.back();
    for (std::size_t i = peaks_.size() - 1; i-- > 0;) out = node_hash(peaks_[i], out);
    return out;
}

}  // namespace kentongan::ledger
