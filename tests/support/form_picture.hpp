#pragma once
// Photographs of a made-up form: marks in the corners, printed lines, and digits that different
// hands write differently.
#include <cstdint>
#include <string>
#include <vector>

namespace kentongan::generate {

/// How a photograph differs from another of the same form.
struct Photograph {
    int width = 900;
    int height = 1300;
    double turned = 0;      ///< degrees, clockwise
    double shrunk = 1;      ///< about the middle
    double keystone = 0;    ///< the top is narrower by this share
    double light = 1;       ///< of white
    int noise = 0;          ///< grey levels
    int quality = 85;       ///< of JPEG
    std::string comment{};  ///< in the file's metadata
    bool marks = true;
    bool progressive = false;
};

/// Three numbers of three digits, written by hand number `hand`. The same arguments give the same
/// bytes with one version of libjpeg.
[[nodiscard]] std::string form_picture(const std::vector<int>& votes, std::uint64_t hand,
                                       const Photograph& how = {});

/// The TOML of where those digits are: form C_HASIL_KWK, page 2.
[[nodiscard]] std::string form_layout();

}  // namespace kentongan::generate
