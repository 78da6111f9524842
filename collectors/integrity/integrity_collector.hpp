#pragma once
// IntegrityCollector: tells what changes in a folder of files.
//
// The first scan makes the baseline and emits nothing. Later scans compare with it and emit one
// EventKind::file event for each difference, ascending by path; what was told is the new baseline.
// Between scans inotify says where to look at once.
#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/collector.hpp"
#include "daemon/base/time.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::integrity {

/// IntegritySettings, and what does not come from settings. Times are wall time.
struct Options {
    std::string path;                  ///< folder to check
    std::vector<std::string> exclude;  ///< see Exclusions
    std::chrono::seconds interval{300};
    std::string kind = "system";          ///< system, webroot, upload or config
    std::filesystem::path baseline;       ///< file; its folder exists
    std::optional<std::string> bookmark;  ///< the store's state of this source
    bool once = false;                    ///< recorded input: every file is "created", no baseline
    std::size_t threads = 2;              ///< hashing at once
    unsigned full_every = 12;             ///< each so many scans hash every file; the first does
    std::size_t maximum_files = 5'000'000;
    std::chrono::milliseconds tick{250};    ///< between looks at the watch
    std::chrono::milliseconds settle{200};  ///< quiet time before a changed folder is looked at
};

/// Runs on its lane; walking, hashing and the baseline file are the work of `scan`'s threads.
///
/// An event's position is its number in the life of the baseline (from 1), in order of path within
/// a scan; with `once`, the number of the file in order of path. Its time is when the scan found
/// it; with `once`, the file's mtime, in whose order the events come.
class IntegrityCollector final : public Collector {
  public:
    /// `name`: of the tree, in the settings [integrity.<name>]. Clock and metrics outlive it.
    IntegrityCollector(std::string name, Options options, boost::asio::any_io_executor scan,
                       const Clock& clock, Metrics& metrics);
    ~IntegrityCollector() override;

    [[nodiscard]] std::string_view name() const override { return source_; }
    [[nodiscard]] Task<Result<>> run(EventSink& sink) override;

  private:
    class Run;
    std::string name_;
    std::string_view source_;
    Options options_;
    boost::asio::any_io_executor scan_;
    const Clock& clock_;
    Metrics& metrics_;
};

}  // namespace kentongan::integrity
