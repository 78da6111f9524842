// Bits and counters of coverage.
#include "daemon/detect/sirekap/coverage.hpp"

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

Coverage::Coverage(std::shared_ptr<const Register> list)
    : list_(std::move(list)), bits_((list_->size() + 7) / 8), received_(list_->areas().size()) {}

bool Coverage::receive(std::uint32_t tps_index) {
    if (tps_index >= list_->size()) return false;
    std::uint8_t& byte = bits_[tps_index / 8];
    const auto bit = static_cast<std::uint8_t>(1u << (tps_index % 8));
    if ((byte & bit) != 0) return false;
    byte |= bit;
    // The areas of a TPS: the last one at each level that begins at or before it. In order of
    // codes these are the kelurahan before the next area begins, and its prefixes.
    const auto areas = list_->areas();
    auto at = std::ranges::upper_bound(areas, tps_index, {}, &Register::Area::begin);
    const std::string kelurahan = std::prev(at)->code;
    for (const std::size_t length : {2u, 4u, 6u, 10u}) {
        const auto* area = list_->area(std::string_view{kelurahan}.substr(0, length));
        received_[static_cast<std::size_t>(area - areas.data())].fetch_add(
            1, std::memory_order_relaxed);
    }
    return true;
}

AreaCoverage Coverage::at(std::size_t area) const {
    const Register::Area& what = list_->areas()[area];
    return {what.code, what.name, what.tps(), received_[area].load(std::memory_order_relaxed)};
}

std::vector<AreaCoverage> Coverage::snapshot(std::size_t code_length,
                                             std::string_view within) const {
    std::vector<AreaCoverage> out;
    for (std::size_t i = 0; i < received_.size(); ++i) {
        const std::string& code = list_->areas()[i].code;
        if (code.size() == code_length && code.starts_with(within)) out.push_back(at(i));
    }
    return out;
}

std::optional<AreaCoverage> Coverage::of(std::string_view area_code) const {
    const auto* area = list_->area(area_code);
    if (area == nullptr) return std::nullopt;
    return at(static_cast<std::size_t>(area - list_->areas().data()));
}

std::string Coverage::save() const { return list_->fingerprint() + ":" + to_base64(bits_); }

Result<> Coverage::restore(std::string_view saved) {
    std::string_view rest = saved;
    if (take_until(rest, ':') != list_->fingerprint())
        return fail(ErrorCode::data, "coverage kept from before is of another TPS register");
    const std::string bytes = from_base64(rest);
    if (bytes.size() != bits_.size())
        return fail(ErrorCode::data, "coverage kept from before has {} bytes instead of {}",
                    bytes.size(), bits_.size());
    for (std::uint32_t i = 0; i < list_->size(); ++i)
        if ((static_cast<std::uint8_t>(bytes[i / 8]) >> (i % 8) & 1) != 0) receive(i);
    return {};
}

}  // namespace kentongan::sirekap
