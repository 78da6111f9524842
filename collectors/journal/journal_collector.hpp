#pragma once
// JournalCollector: the entries of a systemd journal, read to its end or followed.
#include <memory>
#include <optional>

#include "collectors/collector.hpp"
#include "collectors/journal/options.hpp"
#include "collectors/log/options.hpp"

namespace kentongan {
struct Metrics;
}

namespace kentongan::journal {

/// Every entry becomes an event, in the journal's order. Its origin is the collector's name and the
/// entry's time of reception (µs since 1970). Each flush's bookmark is the cursor of the last entry
/// emitted, so with the store's transaction none is lost or doubled over a restart; when that entry
/// was vacuumed meanwhile, reading goes on with the one after it, and that is counted as missed.
class JournalCollector final : public Collector {
  public:
    /// Errors: start; `resume` that cannot be read (data).
    [[nodiscard]] static Result<std::unique_ptr<JournalCollector>> make(
        Options options, Metrics& metrics, const Clock& clock,
        std::optional<Bookmark> resume = std::nullopt);
    ~JournalCollector() override;

    [[nodiscard]] std::string_view name() const override;
    [[nodiscard]] Task<Result<>> run(EventSink& sink) override;
    [[nodiscard]] const log::Stats& stats() const;

  private:
    struct Impl;
    explicit JournalCollector(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan::journal
