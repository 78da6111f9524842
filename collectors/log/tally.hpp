#pragma once
// What one log source counts, for its statistics and its metrics.
#include <string_view>

#include "collectors/log/options.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::log {

/// Shared by the files of a source, on its lane.
class Tally {
  public:
    /// `name`: the collector's.
    Tally(std::string_view name, Metrics& metrics);

    void rotated() { (++stats.renames, renames_.add()); }
    void truncated() { (++stats.truncations, truncations_.add()); }
    void missed() { (++stats.missed, missed_.add()); }
    void noticed() { (++stats.notices, notices_.add()); }
    /// Carries the counts since the last call over to the metrics.
    void publish();

    Stats stats;
    Gauge lag;     ///< seconds
    Gauge behind;  ///< bytes
    Gauge open;    ///< files
    Gauge left_out_files;

  private:
    Stats published_;
    Counter parsed_;
    Counter unparsed_;
    Counter oversize_;
    Counter blank_;
    Counter bytes_;
    Counter left_out_;
    Counter renames_;
    Counter truncations_;
    Counter missed_;
    Counter notices_;
};

}  // namespace kentongan::log
