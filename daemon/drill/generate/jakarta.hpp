#pragma once
// A register of polling stations with the size and shape of Jakarta's in the Pilkada of 2024:
// 14,835 TPS in 267 kelurahan, 44 kecamatan and 6 kabupaten/kota. The counts per kabupaten/kota and
// the codes' structure are KPU's; how TPS spread inside them is made up.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/time.hpp"
#include "daemon/drill/generate/random.hpp"

namespace kentongan::generate {

struct Kelurahan {
    std::string code;  ///< 10 digits
    std::string kabupaten;
    std::string kecamatan;
    std::string name;
    int tps = 0;
};

class Jakarta {
  public:
    explicit Jakarta(std::uint64_t seed);

    [[nodiscard]] const std::vector<Kelurahan>& kelurahan() const { return kelurahan_; }
    /// All 13-digit codes in ascending order.
    [[nodiscard]] const std::vector<std::string>& tps() const { return tps_; }
    /// KPU's kelurahan list: kode_kel,nama_kab,nama_kec,nama_kel,jumlah_tps,tps_suffixes.
    [[nodiscard]] std::string csv() const;

  private:
    std::vector<Kelurahan> kelurahan_;
    std::vector<std::string> tps_;
};

/// When a TPS uploads, as a share of all TPS in 0..1, after Jakarta's Pilkada 2024: polls close at
/// 13:00 WIB, 94 % at 18:00, 99.72 % at 01:00, the last at 13:00 the next day.
[[nodiscard]] Duration upload_delay_after_close(double share);

/// 27 November 2024, 13:00 WIB.
[[nodiscard]] Timestamp close_of_polls();

}  // namespace kentongan::generate
