#include "daemon/detect/sirekap/workflow/image_content_detector.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/image/form_scanner.hpp"

namespace kentongan::sirekap {

namespace {
constexpr Duration kDay = std::chrono::hours{24};
constexpr std::size_t kLongestName = 255;
constexpr int kLeastInk = 24;
constexpr std::int64_t kCellsForEachPage = 200000;

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }
}  // namespace

ImageContentDetector::ImageContentDetector(const WorkflowOptions& options)
    : capacity_(std::min(options.image_entries, kCellsForEachPage)),
      pixels_(options.image_entries),
      pictures_(options.table_entries, kDay, options.seed) {}

bool ImageContentDetector::picks(const Event& event) const {
    return event.kind == EventKind::upload || event.logsource.category == kFormImages.category;
}

void ImageContentDetector::inspect(const Event& event, FindingSink& out) {
    if (event.kind == EventKind::file && event.logsource.category == kFormImages.category) {
        file(event, out);
    } else if (event.kind == EventKind::upload) {
        const auto app = AppEvent::of(event);
        if (app && app->accepted && !app->dummy && app->tps && app->page > 0) uploaded(*app, out);
    }
}

void ImageContentDetector::file(const Event& event, FindingSink& out) {
    static const Field kCells = named("sirekap.cells");
    const auto tps = TpsCode::parse(event.text(Field::sirekap_tps));
    const std::string_view name = event.text(Field::file_name);
    if (!tps || name.size() > kLongestName) return;
    compare_pixels(event, *tps, out);
    Picture& picture = pictures_.touch(std::string(name), event.time).value;
    picture.cells.clear();
    for (std::size_t i = 0; i < event.size(); ++i) {
        if (event.field_at(i) != kCells || event.value_at(i).type() != Value::Type::text) continue;
        std::string_view rest = event.value_at(i).text();
        const std::string page(take_until(rest, ':'));
        if (const auto hash = CellHash::parse(rest)) picture.cells.emplace_back(page, *hash);
    }
    if (picture.cells.empty()) return;
    picture.finding = inconsistency(similar_image_rule(), event, "");
    if (!picture.page.empty()) compare_cells(*tps, picture, out);
}

void ImageContentDetector::uploaded(const AppEvent& app, FindingSink& out) {
    const std::string_view name = app.file_name.substr(app.file_name.rfind('/') + 1);
    if (name.empty() || name.size() > kLongestName) return;
    Picture& picture = pictures_.touch(std::string(name), app.time()).value;
    picture.page = fmt::format("{}/{}", app.form.substr(0, kLongestName), app.page);
    if (!picture.cells.empty()) compare_cells(*app.tps, picture, out);
}

void ImageContentDetector::compare_pixels(const Event& event, TpsCode tps, FindingSink& out) {
    static const Field kPixels = named("sirekap.pixels");
    const auto key = image_key(event.text(kPixels));
    if (!key) return;
    const auto first = pixels_.add(*key, {tps.value, 0, 0});
    if (!first) return;
    Finding finding =
        inconsistency(duplicate_image_rule(), event,
                      fmt::format("the picture in the file {} is, pixel for pixel, that of TPS {}",
                                  printable_utf8(event.text(Field::file_name), 120),
                                  TpsCode{first->tps}.to_string()));
    few_.limit(finding);
    out.report(std::move(finding));
}

void ImageContentDetector::compare_cells(TpsCode tps, Picture& picture, FindingSink& out) {
    for (const auto& [page, hash] : std::exchange(picture.cells, {})) {
        if (page != picture.page || hash.ones() < kLeastInk) continue;
        auto& index = by_page_.try_emplace(page, capacity_).first->second;
        const auto found = index.add(hash, tps.value);
        if (!found) continue;
        Finding finding = picture.finding;
        finding.message = fmt::format(
            "Inconsistency in Sirekap data: the handwriting on page {} of TPS {} looks like that "
            "of TPS {} ({} of 128 bits differ); look at both",
            printable_utf8(page.substr(page.rfind('/') + 1), 8), tps.to_string(),
            TpsCode{found->tps}.to_string(), found->distance);
        few_.limit(finding);
        out.report(std::move(finding));
    }
}

void ImageContentDetector::advance(Timestamp now, FindingSink&) { pictures_.expire(now); }

std::uint64_t ImageContentDetector::evicted() const {
    std::uint64_t out = pixels_.evicted() + pictures_.evicted();
    for (const auto& [page, index] : by_page_) out += index.evicted();
    return out;
}

}  // namespace kentongan::sirekap
