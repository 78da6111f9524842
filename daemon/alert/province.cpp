// Codes and names of the provinces.
#include "daemon/alert/province.hpp"

#include <algorithm>
#include <array>

namespace kentongan {

namespace {
constexpr std::array<Province, 38> kProvinces{{{"11", "ACEH"},
                                               {"12", "SUMATERA UTARA"},
                                               {"13", "SUMATERA BARAT"},
                                               {"14", "RIAU"},
                                               {"15", "JAMBI"},
                                               {"16", "SUMATERA SELATAN"},
                                               {"17", "BENGKULU"},
                                               {"18", "LAMPUNG"},
                                               {"19", "KEPULAUAN BANGKA BELITUNG"},
                                               {"21", "KEPULAUAN RIAU"},
                                               {"31", "DKI JAKARTA"},
                                               {"32", "JAWA BARAT"},
                                               {"33", "JAWA TENGAH"},
                                               {"34", "DAERAH ISTIMEWA YOGYAKARTA"},
                                               {"35", "JAWA TIMUR"},
                                               {"36", "BANTEN"},
                                               {"51", "BALI"},
                                               {"52", "NUSA TENGGARA BARAT"},
                                               {"53", "NUSA TENGGARA TIMUR"},
                                               {"61", "KALIMANTAN BARAT"},
                                               {"62", "KALIMANTAN TENGAH"},
                                               {"63", "KALIMANTAN SELATAN"},
                                               {"64", "KALIMANTAN TIMUR"},
                                               {"65", "KALIMANTAN UTARA"},
                                               {"71", "SULAWESI UTARA"},
                                               {"72", "SULAWESI TENGAH"},
                                               {"73", "SULAWESI SELATAN"},
                                               {"74", "SULAWESI TENGGARA"},
                                               {"75", "GORONTALO"},
                                               {"76", "SULAWESI BARAT"},
                                               {"81", "MALUKU"},
                                               {"82", "MALUKU UTARA"},
                                               {"91", "PAPUA"},
                                               {"92", "PAPUA BARAT"},
                                               {"93", "PAPUA SELATAN"},
                                               {"94", "PAPUA TENGAH"},
                                               {"95", "PAPUA PEGUNUNGAN"},
                                               {"96", "PAPUA BARAT DAYA"}}};
}  // namespace

std::span<const Province> provinces() { return kProvinces; }

std::string_view province_name(std::string_view code) {
    const auto* found = std::ranges::lower_bound(kProvinces, code, {}, &Province::code);
    return found != kProvinces.end() && found->code == code ? found->name : std::string_view{};
}

}  // namespace kentongan
