#pragma once
// Archive: all that the intake keeps on disk, opened together.
#include <memory>
#include <vector>

#include "collectors/report/journal.hpp"
#include "collectors/report/options.hpp"
#include "collectors/report/photo_folder.hpp"
#include "collectors/report/tickets.hpp"

namespace kentongan::report {

struct Archive {
    /// A report of the journal that the store has not committed.
    struct Pending {
        std::uint64_t sequence = 0;
        std::string line;
    };
    static constexpr std::size_t kMostPending = 100'000;  ///< older ones are counted as lost

    SecretKey key;
    Journal journal;
    std::unique_ptr<PhotoFolder> photos;
    Tickets tickets;
    std::uint64_t sequence = 0;  ///< of the last report
    std::deque<Pending> pending{};
    std::uint64_t lost = 0;

    /// Blocking: reads the journal once.
    [[nodiscard]] static Result<std::shared_ptr<Archive>> open(const Options& options);
};

/// The bookmark of everything up to a sequence, and back; 0 for none.
[[nodiscard]] std::string bookmark_of(std::uint64_t sequence);
[[nodiscard]] std::uint64_t sequence_of(const std::optional<std::string>& bookmark);

}  // namespace kentongan::report
