#include "daemon/drill/generate/jakarta.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kentongan::generate {

namespace {

struct Kabupaten {
    std::string_view code;
    std::string_view name;
    int kecamatan;
    int kelurahan;
    int tps;
};

constexpr std::array<Kabupaten, 6> kJakarta{{
    {"3101", "ADM. KEP. SERIBU", 2, 6, 41},
    {"3171", "KOTA ADM. JAKARTA PUSAT", 8, 44, 1542},
    {"3172", "KOTA ADM. JAKARTA UTARA", 6, 31, 2386},
    {"3173", "KOTA ADM. JAKARTA BARAT", 8, 56, 3452},
    {"3174", "KOTA ADM. JAKARTA SELATAN", 10, 65, 3270},
    {"3175", "KOTA ADM. JAKARTA TIMUR", 10, 65, 4144},
}};

/// Splits `total` into `parts`, each at least 1 and unequal by up to a factor of about two.
std::vector<int> split(int total, int parts, Random& random) {
    std::vector<double> weights;
    double sum = 0;
    for (int i = 0; i < parts; ++i) sum += weights.emplace_back(0.7 + 0.6 * random.real());
    std::vector<int> out;
    int left = total;
    for (int i = 0; i < parts; ++i) {
        const int still_needed = parts - i - 1;
        const int share = static_cast<int>(total * weights[static_cast<std::size_t>(i)] / sum);
        out.push_back(i + 1 == parts ? left : std::clamp(share, 1, left - still_needed));
        left -= out.back();
    }
    return out;
}

}  // namespace

Jakarta::Jakarta(std::uint64_t seed) {
    Random random{seed};
    for (const Kabupaten& kabupaten : kJakarta) {
        const auto kelurahan_per = split(kabupaten.kelurahan, kabupaten.kecamatan, random);
        const auto tps_per = split(kabupaten.tps, kabupaten.kelurahan, random);
        std::size_t next = 0;
        for (int kecamatan = 1; kecamatan <= kabupaten.kecamatan; ++kecamatan)
            for (int number = 1; number <= kelurahan_per[static_cast<std::size_t>(kecamatan - 1)];
                 ++number)
                kelurahan_.push_back(
                    {fmt::format("{}{:02}{:04}", kabupaten.code, kecamatan, 1000 + number),
                     std::string(kabupaten.name),
                     fmt::format("KECAMATAN {}{:02}", kabupaten.code, kecamatan),
                     fmt::format("KELURAHAN {:02}{:02}", kecamatan, number), tps_per[next++]});
    }
    for (const Kelurahan& area : kelurahan_)
        for (int number = 1; number <= area.tps; ++number)
            tps_.push_back(fmt::format("{}{:03}", area.code, number));
}

std::string Jakarta::csv() const {
    std::string out = "kode_kel,nama_kab,nama_kec,nama_kel,jumlah_tps,tps_suffixes\n";
    for (const Kelurahan& area : kelurahan_)
        out += fmt::format("{},{},{},{},{},001-{:03}\n", area.code, area.kabupaten, area.kecamatan,
                           area.name, area.tps, area.tps);
    return out;
}

namespace {

/// The share of TPS by hours after the close of the polls, as far as it is known, and a smooth
/// curve through it that never falls (Fritsch and Carlson 1980): uploads die down, they do not stop
/// at a full hour.
class Curve {
  public:
    Curve() {
        for (std::size_t i = 0; i < kLast; ++i) rise_[i] = (y(i + 1) - y(i)) / (x(i + 1) - x(i));
        slope_[0] = rise_[0];
        slope_[kLast] = rise_[kLast - 1];
        for (std::size_t i = 1; i < kLast; ++i)
            slope_[i] = 2 * rise_[i - 1] * rise_[i] / (rise_[i - 1] + rise_[i]);
    }

    [[nodiscard]] double share(double hours) const {
        if (hours <= x(0)) return 0;
        if (hours >= x(kLast)) return 1;
        std::size_t i = 0;
        while (hours > x(i + 1)) ++i;
        const double width = x(i + 1) - x(i);
        const double t = (hours - x(i)) / width;
        const double u = 1 - t;
        return (1 + 2 * t) * u * u * y(i) + t * u * u * width * slope_[i] +
               t * t * (3 - 2 * t) * y(i + 1) - t * t * u * width * slope_[i + 1];
    }

  private:
    static constexpr std::array<std::pair<double, double>, 12> kKnown{{{0.05, 0.0},
                                                                       {1.0, 0.04},
                                                                       {2.0, 0.22},
                                                                       {3.0, 0.58},
                                                                       {4.0, 0.84},
                                                                       {5.0, 0.94},
                                                                       {7.0, 0.970},
                                                                       {9.0, 0.986},
                                                                       {11.0, 0.994},
                                                                       {12.0, 0.9972},
                                                                       {21.0, 0.9993},
                                                                       {24.0, 1.0}}};
    static constexpr std::size_t kLast = kKnown.size() - 1;
    static double x(std::size_t i) { return kKnown[i].first; }
    static double y(std::size_t i) { return kKnown[i].second; }

    std::array<double, kLast> rise_{};
    std::array<double, kLast + 1> slope_{};
};

}  // namespace

Duration upload_delay_after_close(double share) {
    static const Curve kCurve;
    double low = 0;
    double high = 24;
    for (int i = 0; i < 48; ++i) {
        const double middle = (low + high) / 2;
        (kCurve.share(middle) < share ? low : high) = middle;
    }
    return Duration{static_cast<std::int64_t>(high * 3600e9)};
}

Timestamp close_of_polls() { return *parse_rfc3339("2024-11-27T13:00:00+07:00"); }

}  // namespace kentongan::generate
