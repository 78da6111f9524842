#pragma once
// Baseline: the known state of a tree, and its form on disk: a snapshot followed by the changes
// since, each section sealed by a SHA-256 that chains to the section before it.
//
//   file     = snapshot *delta
//   snapshot = "KFIMBASE" version:u16 id:u64 generation:u64 time:i64 positions:u64
//              root:text count:u64 count*(path:text entry) seal
//   delta    = "KFIMDELT" version:u16 generation:u64 time:i64 first_position:u64
//              count:u64 count*(path:text present:u8 [entry]) seal
//   text     = length:u16 bytes          numbers in network order, times in UTC nanoseconds
//   seal     = SHA-256(seal of the section before | the section's bytes)
//
// Paths ascend strictly, stay below the root and are at most 65,535 bytes.
#include <functional>
#include <string>
#include <vector>

#include "collectors/integrity/entry.hpp"
#include "daemon/base/bytes.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::integrity {

struct Baseline {
    std::uint64_t id = 0;          ///< of this series of generations
    std::uint64_t generation = 0;  ///< grows by one with each delta
    std::uint64_t positions = 0;   ///< events made of it so far; the next one has the next number
    Timestamp time{};              ///< of the newest generation
    std::string root;              ///< the folder, as the settings name it
    Entries entries;
};

/// The changes that one scan found.
struct Delta {
    std::uint64_t generation = 0;
    Timestamp time{};                  ///< of the events
    std::uint64_t first_position = 0;  ///< of the first event
    std::vector<Change> changes;       ///< ascending by path; `previous` is not on disk
};

/// A baseline as read: its snapshot, the intact deltas after it, and how many bytes these take.
struct StoredBaseline {
    Baseline snapshot;
    std::vector<Delta> deltas;
    std::size_t snapshot_bytes = 0;
    std::size_t intact_bytes = 0;  ///< what is behind them is torn or damaged
    Sha256Digest seal{};           ///< of the last intact section
};

/// An error tells what is wrong with the snapshot. A bad delta ends the reading without one: after
/// a power loss the last may be torn.
[[nodiscard]] Result<StoredBaseline> decode_baseline(Bytes bytes);

/// Takes encoded bytes in pieces of about 1 MiB.
using Writer = std::function<Result<>(std::string_view piece)>;

struct Written {
    std::size_t bytes = 0;
    Sha256Digest seal{};
};
[[nodiscard]] Result<Written> encode_snapshot(const Baseline& baseline, const Writer& write);
[[nodiscard]] Result<Written> encode_delta(const Delta& delta, const Sha256Digest& previous_seal,
                                           const Writer& write);

/// Makes `delta` part of the state and fills in what each change was before.
void apply(Delta& delta, Baseline& state);

}  // namespace kentongan::integrity
