#pragma once
// The address of a form's photograph, which says more than where it is: the one place that reads
// it.
//
//   …/<md5(code)[0:4]>/pemilu/<race>/<pp>/<kk>/<cc>/<dd>/<dd>/<code>-<YYYYMMDD>-<HHMMSS>--<uuid4>.jpg
//
// The five folders are the ten digits of the kelurahan. The stamp is WIB and the server's: when it
// gave out the address to upload to. So measured on all 534,277 addresses of four provinces.
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/base/time.hpp"
#include "daemon/detect/sirekap/tps_code.hpp"

namespace kentongan::sirekap {

/// Its bytes in two halves, as this machine would read them from memory.
struct Uuid {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    bool operator==(const Uuid&) const = default;
};

/// What is wrong with an address that names a TPS. None of it proves anything alone.
enum class AddressFault : std::uint8_t {
    none,
    folders,  ///< its folders are those of another kelurahan
    prefix,   ///< its first folder is not the MD5 of its TPS
    stamp,    ///< no such time
    uuid,     ///< none, or not of version 4
};
[[nodiscard]] std::string_view name_of(AddressFault fault);

struct ImageAddress {
    TpsCode tps;
    std::string_view race;                    ///< of the address's folders; empty when it has none
    Timestamp stamp{};                        ///< when it has one
    Uuid uuid{};                              ///< when it has one
    AddressFault fault = AddressFault::none;  ///< the first of the above
};

/// Reads a URL, a path or a file name alone (folders and prefix are then not judged); a query is
/// passed over. Nothing when its last part is not the name of a photograph of a TPS: a TPS code,
/// "-", and .jpg, .jpeg or .png at its end. Views point into `address`.
[[nodiscard]] std::optional<ImageAddress> parse_image_address(std::string_view address);
/// The same in place, for every upload: what was only just written is slow to copy.
void read_image_address(std::string_view address, std::optional<ImageAddress>& out);

/// Whether a path might be one: quick, for every web request.
[[nodiscard]] bool may_be_image_address(std::string_view path);

}  // namespace kentongan::sirekap
