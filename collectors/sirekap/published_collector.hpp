#pragma once
// PublishedCollector: what Sirekap publishes, polled over HTTPS or read from saved snapshots.
#include <memory>
#include <optional>

#include "collectors/collector.hpp"
#include "collectors/sirekap/options.hpp"

namespace kentongan {
struct Metrics;
}

namespace kentongan::sirekap {

/// One event of kind `published` for each new version of a file; see published_event.hpp. A live
/// event's time is that of the fetch, a recorded one's the file's own `ts`. The bookmark says how
/// far a walk of the tree has come; after a restart the walk goes on there, and the newest kept
/// versions are told first, so that what changed in between is seen.
class PublishedCollector final : public Collector {
  public:
    /// Errors (config, data, permission) name the setting, the CA file or the folder at fault.
    [[nodiscard]] static Result<std::unique_ptr<PublishedCollector>> make(
        PublishedOptions options, Metrics& metrics, const Clock& clock,
        std::optional<Bookmark> resume = std::nullopt);
    ~PublishedCollector() override;

    [[nodiscard]] std::string_view name() const override;
    [[nodiscard]] Task<Result<>> run(EventSink& sink) override;

  private:
    struct Impl;
    explicit PublishedCollector(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan::sirekap
