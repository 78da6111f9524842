#pragma once
// ReportCollector: takes citizens' reports over HTTP and makes events of them.
#include <memory>

#include "collectors/collector.hpp"
#include "collectors/report/options.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::report {

/// Lives on one lane. A ticket is given once the report is synced to the journal; what the store
/// had not committed at a crash is emitted again, with the same positions, so no alert is doubled.
class ReportCollector final : public Collector {
  public:
    ReportCollector(std::string name, Options options, Metrics& metrics, const Clock& clock);
    ~ReportCollector() override;

    [[nodiscard]] std::string_view name() const override { return name_; }
    /// Errors: the address cannot be listened on, the folder cannot be used.
    [[nodiscard]] Task<Result<>> run(EventSink& sink) override;

  private:
    std::string name_;
    Options options_;
    Metrics& metrics_;
    const Clock& clock_;
};

}  // namespace kentongan::report
