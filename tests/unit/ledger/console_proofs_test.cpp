// The proofs that the console's own check is tested with (tests/unit/console/proof.test.ts) are
// those that the ledger makes.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "daemon/base/file.hpp"
#include "daemon/ledger/checkpoint.hpp"
#include "daemon/ledger/entry.hpp"
#include "tests/support/project.hpp"

namespace kentongan::ledger {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kLeaves = 13;

std::string alert_name(std::uint64_t index) { return fmt::format("01J{:023}", index); }

/// What was done with one alert and how another grew, in turns.
std::vector<std::string> sample_entries() {
    std::vector<std::string> out;
    for (std::uint64_t i = 0; i < kLeaves; ++i) {
        const Timestamp at = *parse_rfc3339("2024-11-27T06:00:00Z") + std::chrono::seconds{i};
        if (i % 2 == 0)
            out.push_back(action_entry(
                {.who = "ani", .what = "acknowledge", .object = "alert:" + alert_name(i)}, "salt",
                at));
        else
            out.push_back(updates_entry({{alert_name(i), salted_hash("salt", "{}")}}, at));
    }
    return out;
}

Result<Hash> node_of(const std::vector<Hash>& leaves, unsigned height, std::uint64_t index) {
    if (height == 0) return leaves[index];
    return node_hash(*node_of(leaves, height - 1, 2 * index),
                     *node_of(leaves, height - 1, 2 * index + 1));
}

/// A line for each proof.
std::string proofs() {
    const auto entries = sample_entries();
    std::vector<Hash> leaves;
    for (const auto& entry : entries) leaves.push_back(leaf_hash(entry));
    const NodeReader reader = [&](unsigned height, std::uint64_t index) {
        return node_of(leaves, height, index);
    };
    std::string out;
    for (std::uint64_t size = 1; size <= kLeaves; ++size)
        for (std::uint64_t index = 0; index < size; ++index) {
            const Checkpoint head{"sensor.example/kentongan", size, *range_hash(0, size, reader)};
            json::array hashes;
            for (const Hash& hash : *prove_inclusion(index, size, reader))
                hashes.emplace_back(to_hex(hash));
            out += out.empty() ? "[\n" : ",\n";
            out += json::serialize(json::object{{"alert", alert_name(index)},
                                                {"index", index},
                                                {"entry", entries[index]},
                                                {"leaf", to_hex(leaves[index])},
                                                {"tree_size", size},
                                                {"root", to_hex(head.root)},
                                                {"hashes", std::move(hashes)},
                                                {"checkpoint", head.text() + "\n— sample AAAA\n"}});
        }
    return out + "\n]\n";
}

// KENTONGAN_REFRESH=1 writes them anew.
TEST(ConsoleProofs, AreThoseOfTheLedger) {
    const auto path = project_root() / "tests/unit/console/proofs.json";
    if (std::getenv("KENTONGAN_REFRESH") != nullptr) ASSERT_TRUE(write_file(path, proofs()));
    const auto kept = read_file(path);
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_EQ(*kept, proofs());
}

}  // namespace
}  // namespace kentongan::ledger
