#pragma once
// EntryLog: the entries of the tamper-evident history as the store holds them, in the transaction
// that made each of them true. daemon/ledger publishes them. Called only on the store's thread.
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan {

class EntryLog {
  public:
    virtual ~EntryLog() = default;
    /// How many there are; their indexes are 0 up to it, without holes.
    virtual Result<std::uint64_t> entry_count() = 0;
    /// From index `from` on, in order, at most `limit`.
    virtual Result<std::vector<std::string>> entries(std::uint64_t from, std::size_t limit) = 0;
    /// Appends entries that come with nothing else; durable when it returns.
    virtual Result<> append(const std::vector<std::string>& entries) = 0;
};

}  // namespace kentongan
