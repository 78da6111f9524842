#include "daemon/ledger/merkle.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace kentongan::ledger {
namespace {

using namespace std::string_view_literals;

/// The leaves and roots that the Certificate Transparency projects test with.
constexpr std::array kLeaves = {
    ""sv,
    "\x00"sv,
    "\x10"sv,
    "\x20\x21"sv,
    "\x30\x31"sv,
    "\x40\x41\x42\x43"sv,
    "\x50\x51\x52\x53\x54\x55\x56\x57"sv,
    "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"sv,
};
constexpr std::array kRoots = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"sv,
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"sv,
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"sv,
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"sv,
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"sv,
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"sv,
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"sv,
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"sv,
};

/// A tree in memory, by the definition.
struct Plain {
    std::vector<Hash> leaves;
    [[nodiscard]] Result<Hash> node(unsigned height, std::uint64_t index) const {
        if (height == 0) return leaves[index];
        return node_hash(*node(height - 1, 2 * index), *node(height - 1, 2 * index + 1));
    }
    [[nodiscard]] NodeReader reader() const {
        return [this](unsigned height, std::uint64_t index) { return node(height, index); };
    }
    [[nodiscard]] Hash root(std::uint64_t size) const { return *range_hash(0, size, reader()); }
};

Plain tree_of(std::size_t count) {
    Plain out;
    for (std::size_t i = 0; i < count; ++i) out.leaves.push_back(leaf_hash(std::to_string(i)));
    return out;
}

TEST(Merkle, RootsAreThoseOfRfc6962) {
    EXPECT_EQ(to_hex(empty_root()),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    Plain tree;
    GrowingTree growing;
    for (std::size_t i = 0; i < kLeaves.size(); ++i) {
        tree.leaves.push_back(leaf_hash(kLeaves[i]));
        growing.add(tree.leaves.back());
        EXPECT_EQ(to_hex(tree.root(i + 1)), kRoots[i]);
        EXPECT_EQ(to_hex(growing.root()), kRoots[i]);
    }
}

TEST(Merkle, EveryLeafOfEveryTreeUpTo70IsProved) {
    const Plain tree = tree_of(70);
    for (std::uint64_t size = 1; size <= 70; ++size)
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = prove_inclusion(index, size, tree.reader());
            ASSERT_TRUE(proof);
            EXPECT_TRUE(verify_inclusion(tree.leaves[index], index, size, *proof, tree.root(size)));
            EXPECT_FALSE(verify_inclusion(tree.leaves[(index + 1) % 70], index, size, *proof,
                                          tree.root(size)));
        }
}

TEST(Merkle, EveryPairOfTreesUpTo70IsConsistent) {
    const Plain tree = tree_of(70);
    for (std::uint64_t size = 0; size <= 70; ++size)
        for (std::uint64_t old = 0; old <= size; ++old) {
            const auto proof = prove_consistency(old, size, tree.reader());
            ASSERT_TRUE(proof);
            EXPECT_TRUE(verify_consistency(old, size, *proof, tree.root(old), tree.root(size)))
                << old << " in " << size;
        }
}

TEST(Merkle, AChangedProofIsRefused) {
    const Plain tree = tree_of(70);
    std::mt19937 random{7};
    for (int round = 0; round < 500; ++round) {
        const std::uint64_t size = 2 + random() % 69;
        const std::uint64_t index = random() % size;
        const std::uint64_t old = 1 + random() % (size - 1);
        Proof inclusion = *prove_inclusion(index, size, tree.reader());
        Proof consistency = *prove_consistency(old, size, tree.reader());
        for (Proof* proof : {&inclusion, &consistency}) {
            if (proof->empty() || random() % 4 == 0)
                proof->emplace_back();
            else if (random() % 4 == 0)
                proof->pop_back();
            else
                (*proof)[random() % proof->size()][random() % 32] ^= 1 << random() % 8;
        }
        EXPECT_FALSE(verify_inclusion(tree.leaves[index], index, size, inclusion, tree.root(size)));
        EXPECT_FALSE(verify_consistency(old, size, consistency, tree.root(old), tree.root(size)));
    }
}

TEST(Merkle, AForkIsNotConsistent) {
    const Plain tree = tree_of(40);
    Plain fork = tree;
    fork.leaves[3] = leaf_hash("another");
    const auto proof = prove_consistency(20, 40, fork.reader());
    EXPECT_FALSE(verify_consistency(20, 40, *proof, tree.root(20), fork.root(40)));
    EXPECT_FALSE(verify_consistency(20, 19, {}, tree.root(20), tree.root(19)));
}

}  // namespace
}  // namespace kentongan::ledger
