// Finds TPS and areas in the register.
#include "daemon/detect/sirekap/register.hpp"

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/detect/sirekap/register_builder.hpp"

namespace kentongan::sirekap {

namespace {
std::optional<std::size_t> level_of(std::size_t code_length) {
    const auto found = std::ranges::find(kAreaLengths, code_length);
    if (found == kAreaLengths.end()) return std::nullopt;
    return static_cast<std::size_t>(found - kAreaLengths.begin());
}
}  // namespace

std::optional<std::uint32_t> Register::index_of(TpsCode tps) const {
    const auto kelurahan = by_kelurahan_.find(tps.value / kNumbers);
    if (kelurahan == by_kelurahan_.end()) return std::nullopt;
    const auto begin = tps_.begin() + kelurahan->second.begin;
    const auto end = tps_.begin() + kelurahan->second.end;
    // Mostly they are numbered from 1 without a gap.
    if (const auto guess = kelurahan->second.begin + tps.value % kNumbers - 1;
        guess < kelurahan->second.end && tps_[guess] == tps)
        return static_cast<std::uint32_t>(guess);
    const auto found = std::lower_bound(begin, end, tps);
    if (found == end || *found != tps) return std::nullopt;
    return static_cast<std::uint32_t>(found - tps_.begin());
}

bool Register::contains(std::string_view tps) const {
    const auto code = TpsCode::parse(tps);
    return code && index_of(*code);
}

std::optional<int> Register::voters_of(std::uint32_t index) const {
    if (index >= voters_.size() || voters_[index] == RegisterBuilder::kVotersUnknown)
        return std::nullopt;
    return voters_[index];
}

const Register::Area* Register::area(std::string_view code) const {
    const auto found = std::ranges::lower_bound(areas_, code, {}, &Area::code);
    return found != areas_.end() && found->code == code ? &*found : nullptr;
}

std::span<const std::uint32_t> Register::level(std::size_t code_length,
                                               std::string_view within) const {
    const auto level = level_of(code_length);
    if (!level) return {};
    const std::span<const std::uint32_t> all = levels_[*level];
    const auto start = [&](std::uint32_t area) {
        return std::string_view{areas_[area].code}.substr(0, within.size());
    };
    const auto found = std::ranges::equal_range(all, within, {}, start);
    return {found.begin(), found.end()};
}

std::string Register::fingerprint() const {
    Sha256 digest;
    for (const TpsCode& tps : tps_) digest.update(tps.to_string());
    return to_hex(digest.finish());
}

}  // namespace kentongan::sirekap
