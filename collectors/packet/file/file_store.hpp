#pragma once
// The lane's side of the files that are kept: hands those that came whole over the wire to a scan
// thread. It never waits: while the disk is slow or full, files are not kept, and counted.
#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <string_view>

#include "collectors/packet/file/file_archive.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::packet {

/// Shared by the lanes of one source.
class FileStore {
  public:
    static constexpr std::size_t kWaitingBytes = std::size_t{16} << 20;  ///< in memory at once

    /// `scan`: where files are written, one after the other. `source`: the label of its metrics.
    FileStore(FileArchive::Options options, boost::asio::any_io_executor scan, Metrics& metrics,
              std::string_view source);
    /// What was handed over is still written, as long as `scan` runs.
    ~FileStore();
    FileStore(const FileStore&) = delete;
    FileStore& operator=(const FileStore&) = delete;

    /// From any lane. `sha256`: of the content, 64 hexadecimal digits.
    void offer(std::string_view sha256, std::string_view content);

  private:
    struct Shared;

    boost::asio::any_io_executor scan_;
    std::shared_ptr<Shared> shared_;
};

}  // namespace kentongan::packet
