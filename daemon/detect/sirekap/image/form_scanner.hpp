#pragma once
// FormScanner: turns a photograph of a form on disk into hashes.
#include <functional>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/image/form_layout.hpp"

namespace kentongan::sirekap {

/// The log source of the events it makes.
inline constexpr LogSource kFormImages{"image", "sirekap", {}};

/// Looks at files that were created or modified and are named as Sirekap names its pictures
/// (<13 digits>-<date>-<time>--<uuid>.jpg), and gives an event of the same time and place with
/// sirekap.tps, file.name, file.path, sirekap.pixels (SHA-256 of the decoded picture) and for each
/// page of the layout one sirekap.cells: "<form>/<page>:<32 hex digits>", where the marks in
/// the corners were found. Decoding is bounded (jpeg.hpp). Const and thread-safe.
class FormScanner final : public FileDetector {
  public:
    /// Told why a picture was not decoded: too_large, unreadable or undecodable. Any thread.
    using SkipCounter = std::function<void(std::string_view reason)>;

    FormScanner(std::shared_ptr<const FormLayouts> layouts, SkipCounter skipped)
        : layouts_(std::move(layouts)), skipped_(std::move(skipped)) {}

    void inspect_file(const Event&, FindingSink&) const override {}
    [[nodiscard]] std::optional<Event> describe(const Event& file) const override;

  private:
    std::shared_ptr<const FormLayouts> layouts_;
    SkipCounter skipped_;
};

}  // namespace kentongan::sirekap
