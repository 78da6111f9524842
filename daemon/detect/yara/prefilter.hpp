#pragma once
// Which parts of some bytes libyara must look at: those around the atoms of its rules, found by
// Hyperscan many times faster than libyara would. Private to this folder.
#include <yara.h>

#include <memory>
#include <vector>

#include "daemon/base/bytes.hpp"
#include "daemon/detect/sigma/scan_database.hpp"
#include "daemon/detect/yara/atoms.hpp"

namespace kentongan::yara {

/// A part of what is scanned, in bytes from its beginning.
struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Immutable; shared between threads. A scan of only the ranges finds each match that a scan of the
/// whole finds, and no other.
class Prefilter {
  public:
    /// Null where it would be of no use: a string that may match anywhere, too many of them.
    [[nodiscard]] static std::shared_ptr<const Prefilter> of(const YR_RULES& rules);

    /// One for each thread.
    using Scratch = sigma::ScanScratch;
    void make_room_in(Scratch& scratch) const {
        if (database_) scratch.make_room_for(*database_);
    }

    /// In order, apart from each other; empty when no string can match.
    [[nodiscard]] std::vector<Range> ranges(Bytes content, Scratch& scratch) const;

  private:
    std::shared_ptr<const sigma::ScanDatabase> database_;
    std::vector<Atom> atoms_;  // by the database's numbers
};

}  // namespace kentongan::yara
