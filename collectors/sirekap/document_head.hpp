#pragma once
// What a collector has to know of a published file: when it was made, which images it names and
// which files are below it. Judging it is the detectors' matter.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::sirekap {

struct DocumentHead {
    static constexpr std::size_t kMaximumBytes = std::size_t{32} << 20;
    static constexpr std::size_t kMaximumImages = 32;
    static constexpr std::size_t kMaximumChildren = 20'000;

    std::string ts;                     ///< as given
    std::optional<Timestamp> made;      ///< the same, read as WIB
    std::vector<std::string> images;    ///< addresses, without those that are null
    std::vector<std::string> children;  ///< codes of its table's rows, in order, each once

    /// An error (data) when it is no JSON object or nested too deep.
    [[nodiscard]] static Result<DocumentHead> read(std::string_view json);
};

/// A code of 2, 4, 6, 10 or 13 characters: digits, with letters in the third and fourth place of an
/// overseas one. Nothing else may become a part of a path.
[[nodiscard]] bool is_area_or_tps(std::string_view code);

/// The race an image's address names ("/pemilu/ppwp/31/…"), or nothing.
[[nodiscard]] std::string_view race_of_image(std::string_view url);
/// One of KPU's names of a race: ppwp, pdpr, pdpd, pdprdp, pdprdk, pkwkp, pkwkk.
[[nodiscard]] bool is_race(std::string_view name);

}  // namespace kentongan::sirekap
