#pragma once
// The files of a result server: photographs of result pages, web pages, scripts, data; a few of
// them hostile. Same seed, same bytes.
#include <cstdint>
#include <filesystem>

#include "daemon/base/error.hpp"

namespace kentongan::generate {

/// Writes about 200 MB times `scale` into `folder`, which is made: nine tenths of the bytes are
/// images, nine tenths of the files are not; two web shells and a program named as an image. An
/// error when `folder` exists or a file cannot be written.
[[nodiscard]] Result<> upload_tree(std::uint64_t seed, double scale,
                                   const std::filesystem::path& folder);

}  // namespace kentongan::generate
