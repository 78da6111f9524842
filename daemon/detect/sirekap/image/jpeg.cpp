#include "daemon/detect/sirekap/image/jpeg.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <utility>

#include <jpeglib.h>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

/// libjpeg reports errors by a call that must not return.
struct Errors {
    jpeg_error_mgr base;
    std::jmp_buf escape;
    std::array<char, JMSG_LENGTH_MAX> message;
};
struct Progress {
    jpeg_progress_mgr base;
    int scans;
};

[[noreturn]] void leave(j_common_ptr info) {
    auto* errors = reinterpret_cast<Errors*>(info->err);
    info->err->format_message(info, errors->message.data());
    std::longjmp(errors->escape, 1);
}
void count_warning(j_common_ptr info, int level) {
    if (level < 0) ++info->err->num_warnings;
}
void stop_at_scan_limit(j_common_ptr info) {
    const auto* progress = reinterpret_cast<const Progress*>(info->progress);
    const auto* decoder = reinterpret_cast<j_decompress_ptr>(info);
    if (decoder->input_scan_number <= progress->scans) return;
    auto* errors = reinterpret_cast<Errors*>(info->err);
    std::snprintf(errors->message.data(), errors->message.size(), "more than %d scans",
                  progress->scans);
    std::longjmp(errors->escape, 1);
}

/// The eighths to decode at.
unsigned scale_for(JDIMENSION longest, int wanted) {
    unsigned eighths = 8;
    while (eighths > 1 && longest * eighths / 8 > static_cast<JDIMENSION>(wanted)) eighths /= 2;
    return eighths;
}

/// No object with a destructor may live in here: an error jumps over it. `out` is the caller's.
bool decode(Bytes jpeg, const JpegLimits& limits, Errors& errors, GrayImage& out) {
    jpeg_decompress_struct info{};
    Progress progress{{}, limits.scans};
    info.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = leave;
    errors.base.emit_message = count_warning;
    if (setjmp(errors.escape) != 0) {
        jpeg_destroy_decompress(&info);
        return false;
    }
    jpeg_create_decompress(&info);
    info.mem->max_memory_to_use = limits.memory;
    progress.base.progress_monitor = stop_at_scan_limit;
    info.progress = &progress.base;
    jpeg_mem_src(&info, jpeg.data(), static_cast<unsigned long>(jpeg.size()));
    jpeg_read_header(&info, TRUE);
    if (std::int64_t{info.image_width} * info.image_height > limits.source_pixels) {
        std::snprintf(errors.message.data(), errors.message.size(), "%u x %u pixels are too many",
                      info.image_width, info.image_height);
        jpeg_destroy_decompress(&info);
        return false;
    }
    info.out_color_space = JCS_GRAYSCALE;
    info.dct_method = JDCT_ISLOW;
    info.scale_num = scale_for(std::max(info.image_width, info.image_height), limits.longest_side);
    info.scale_denom = 8;
    jpeg_start_decompress(&info);
    out.width = static_cast<int>(info.output_width);
    out.height = static_cast<int>(info.output_height);
    out.pixels.resize(std::size_t{info.output_width} * info.output_height);
    while (info.output_scanline < info.output_height) {
        JSAMPROW row = out.pixels.data() + std::size_t{info.output_scanline} * info.output_width;
        jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    const bool whole = errors.base.num_warnings == 0;
    if (!whole) std::snprintf(errors.message.data(), errors.message.size(), "it is damaged or cut");
    jpeg_destroy_decompress(&info);
    return whole;
}

}  // namespace

Result<GrayImage> decode_jpeg(Bytes jpeg, const JpegLimits& limits) {
    if (jpeg.size() < 4 || jpeg[0] != 0xFF || jpeg[1] != 0xD8)
        return fail(ErrorCode::data, "decode a picture: it is no JPEG");
    GrayImage out;
    Errors errors{};
    if (!decode(jpeg, limits, errors, out))
        return fail(ErrorCode::data, "decode a picture: {}",
                    printable_utf8(std::string_view{errors.message.data()}, 120));
    return out;
}

}  // namespace kentongan::sirekap
