#pragma once
// ImageContentDetector: pictures of forms that are alike, by what FormScanner saw in their files.
#include <map>

#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/image/similar_index.hpp"
#include "daemon/detect/sirekap/workflow/duplicate_image_detector.hpp"

namespace kentongan::sirekap {

/// R06 by pixels: the picture of a file is, but for its metadata, that of a file of another TPS.
/// R07: the handwriting in the cells of a form page differs in six bits of 128 at most from that of
/// another TPS's same page, and there is some (24 bits). A hint for a queue, not more: low, and
/// advisory; thresholds are guesses until they are measured on two thousand genuine pairs.
///
/// A file's name gives its TPS, not its page; that comes from the upload with the same file name in
/// the application log, in either order, within a day. Pictures whose page is not known are
/// compared by pixels only.
class ImageContentDetector final : public Detector {
  public:
    explicit ImageContentDetector(const WorkflowOptions& options);

    [[nodiscard]] std::string_view name() const override { return "sirekap.image-content"; }
    [[nodiscard]] bool wants(EventKind kind) const override {
        return kind == EventKind::file || kind == EventKind::upload;
    }
    [[nodiscard]] bool picks(const Event& event) const override;
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink&) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return pixels_.size(); }

  private:
    /// What is known of a picture by its file name.
    struct Picture {
        std::string page;  // "<form>/<page>", by the log
        std::vector<std::pair<std::string, CellHash>> cells;
        Finding finding;  // about the file
    };

    void file(const Event& event, FindingSink& out);
    void uploaded(const AppEvent& app, FindingSink& out);
    void compare_pixels(const Event& event, TpsCode tps, FindingSink& out);
    void compare_cells(TpsCode tps, Picture& picture, FindingSink& out);

    std::int64_t capacity_;
    ImageIndex pixels_;
    std::map<std::string, SimilarIndex, std::less<>> by_page_;
    anomaly::LruTable<std::string, Picture> pictures_;
    FewEntities few_;
};

}  // namespace kentongan::sirekap
