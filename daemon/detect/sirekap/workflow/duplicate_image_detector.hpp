#pragma once
// DuplicateImageDetector: one picture that serves for two TPS, or for two pages.
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <vector>

#include "daemon/detect/sirekap/workflow/app_detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"
#include "daemon/detect/sirekap/workflow/telling.hpp"

namespace kentongan::sirekap {

/// Which form a picture is of.
struct ImagePlace {
    std::uint64_t tps = 0;
    std::uint32_t form = 0;  ///< hash of the form's name
    std::uint8_t page = 0;
    bool operator==(const ImagePlace&) const = default;
};

/// The first sixteen digits of a SHA-256 in hex, as a number; nothing for what is none.
[[nodiscard]] std::optional<std::uint64_t> image_key(std::string_view hex);

/// The first place of each picture, by the first 64 bits of its hash; 32 bytes each. The oldest
/// makes room when it is full.
class ImageIndex {
  public:
    explicit ImageIndex(std::int64_t capacity);
    /// The place it was first seen at, when that is another one.
    [[nodiscard]] std::optional<ImagePlace> add(std::uint64_t hash, const ImagePlace& place);
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    std::size_t capacity_;
    boost::unordered_flat_map<std::uint64_t, ImagePlace> places_;
    std::vector<std::uint64_t> order_;  // a ring of the keys
    std::size_t next_ = 0;
    std::uint64_t evicted_ = 0;
};

/// R06, by the SHA-256 of the file as the upload states it. The same TPS and page again is a
/// repeated upload and silent; so are the placeholders of the settings, the app's training mode and
/// calls that were refused. Past twenty TPS an alert is about the picture. Where the daemon sees
/// the files, ImageContentDetector compares their pixels.
class DuplicateImageDetector final : public AppDetector {
  public:
    explicit DuplicateImageDetector(const WorkflowOptions& options);

    [[nodiscard]] std::string_view name() const override { return "sirekap.duplicate-image"; }
    [[nodiscard]] std::uint64_t evicted() const override { return files_.evicted(); }
    [[nodiscard]] std::size_t entries() const override { return files_.size(); }

  private:
    void inspect_act(const AppEvent& app, FindingSink& out) override;

    ImageIndex files_;
    boost::unordered_flat_set<std::uint64_t> placeholders_;
    FewEntities few_;
};

}  // namespace kentongan::sirekap
