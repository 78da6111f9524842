#pragma once
// FileScanner: YARA on the files that file events name.
#include <chrono>
#include <functional>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/yara/rules.hpp"

namespace kentongan::yara {

/// Called once for each file or body that was not scanned to the end, with the reason: too_large,
/// unreadable, timeout, error, parts or encrypted. From any scanning thread.
using SkipCounter = std::function<void(std::string_view reason)>;

/// The finding of one match in what `event` is about; `sha256` of all that was scanned.
[[nodiscard]] Finding finding_of(const Match& match, const Event& event, std::string_view what,
                                 std::string sha256);

/// Scans what was created or modified. Reads the whole file into memory: a mapped file that is cut
/// meanwhile would end the process, a read one cannot.
class FileScanner final : public FileDetector {
  public:
    struct Options {
        std::uint64_t maximum_bytes = std::uint64_t{256} << 20;  ///< larger ones are skipped
        std::chrono::seconds timeout{30};                        ///< for each file
    };
    FileScanner(std::shared_ptr<const Rules> rules, Options options, SkipCounter skipped);

    void inspect_file(const Event& event, FindingSink& out) const override;

  private:
    std::shared_ptr<const Rules> rules_;
    Options options_;
    SkipCounter skipped_;
};

}  // namespace kentongan::yara
