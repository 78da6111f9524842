#include "daemon/detect/sirekap/image/form_scanner.hpp"

#include <fmt/format.h>

#include "daemon/base/digest.hpp"
#include "daemon/detect/regular_file.hpp"
#include "daemon/detect/sirekap/image/cell_hash.hpp"
#include "daemon/detect/sirekap/image/jpeg.hpp"
#include "daemon/detect/sirekap/workflow/backdated_detector.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kLargest = std::uint64_t{32} << 20;

Field pixels_field() {
    static const Field kField = intern_field("sirekap.pixels").value_or(Field::message);
    return kField;
}
Field cells_field() {
    static const Field kField = intern_field("sirekap.cells").value_or(Field::message);
    return kField;
}

std::string hash_of_pixels(const GrayImage& image) {
    Sha256 digest;
    digest.update(fmt::format("{}x{}:", image.width, image.height));
    digest.update(Bytes{image.pixels});
    return to_hex(digest.finish());
}

}  // namespace

std::optional<Event> FormScanner::describe(const Event& file) const {
    const std::string_view action = file.text(Field::event_action);
    const std::string path(file.text(Field::file_path));
    const std::string_view name = std::string_view{path}.substr(path.rfind('/') + 1);
    if ((action != "created" && action != "modified") || !stamp_of_image(name)) return std::nullopt;
    const auto content = read_regular_file(path.c_str(), kLargest);
    if (!content) {
        if (!content.error().empty()) skipped_(content.error());
        return std::nullopt;
    }
    const auto image = decode_jpeg(as_bytes(*content));
    if (!image) {
        skipped_("undecodable");
        return std::nullopt;
    }
    Event out;
    out.kind = EventKind::file;
    out.time = file.time;
    out.origin = file.origin;
    out.logsource = kFormImages;
    out.set(Field::file_path, path);
    out.set(Field::file_name, name);
    out.set(Field::sirekap_tps, name.substr(0, kTpsLength));
    out.set(Field::file_hash_sha256, sha256_hex(*content));
    out.set(pixels_field(), hash_of_pixels(*image));
    if (!layouts_) return out;
    const auto corners = find_corner_marks(*image);
    if (!corners) return out;
    const SquareToQuad place{*corners};
    for (std::size_t i = 0; i < layouts_->pages().size(); ++i)
        out.set(cells_field(),
                fmt::format("{}/{}:{}", layouts_->pages()[i].form, layouts_->pages()[i].page,
                            hash_cells(*image, place, layouts_->pages()[i]).to_hex()));
    return out;
}

}  // namespace kentongan::sirekap
