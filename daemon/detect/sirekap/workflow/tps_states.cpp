#include "daemon/detect/sirekap/workflow/tps_states.hpp"

#include <algorithm>
#include <vector>

#include "daemon/base/digest.hpp"

namespace kentongan::sirekap {

namespace {

/// LEB128, as DWARF has it.
void put(std::vector<std::uint8_t>& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
    out.push_back(static_cast<std::uint8_t>(value));
}
std::optional<std::uint64_t> take(std::string_view& rest) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && !rest.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(rest.front());
        rest.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7Fu} << shift;
        if (byte < 0x80) return value;
    }
    return std::nullopt;
}

std::uint8_t packed(const TpsState& state) {
    return static_cast<std::uint8_t>(static_cast<unsigned>(state.stage) | (state.certain ? 8u : 0) |
                                     (state.reason ? 16u : 0) | (state.second_person ? 32u : 0));
}
std::optional<TpsState> unpacked(std::uint64_t byte) {
    if (byte > 63 || (byte & 7u) > static_cast<unsigned>(Stage::reopened)) return std::nullopt;
    return TpsState{static_cast<Stage>(byte & 7u), (byte & 8u) != 0, (byte & 16u) != 0,
                    (byte & 32u) != 0};
}

}  // namespace

std::size_t TpsStates::Hash::operator()(std::uint64_t code) const {
    std::uint64_t mixed = code ^ seed;  // splitmix64's finish
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return static_cast<std::size_t>(mixed ^ (mixed >> 31));
}

TpsStates::TpsStates(std::int64_t capacity, std::uint64_t seed)
    : capacity_(static_cast<std::size_t>(std::max<std::int64_t>(capacity, 1))),
      states_(0, Hash{seed}) {}

TpsState& TpsStates::at(TpsCode tps) {
    if (const auto found = states_.find(tps.value); found != states_.end()) return found->second;
    if (states_.size() < capacity_) return states_[tps.value];
    ++left_out_;
    return none_ = {};
}

std::string TpsStates::save() const {
    std::vector<std::pair<std::uint64_t, std::uint8_t>> all;
    for (const auto& [code, state] : states_)
        if (state.stage >= Stage::verified) all.emplace_back(code, packed(state));
    std::ranges::sort(all);
    std::vector<std::uint8_t> out;
    std::uint64_t before = 0;
    for (const auto& [code, state] : all) {
        put(out, code - before);
        out.push_back(state);
        before = code;
    }
    return to_base64(out);
}

Result<> TpsStates::restore(std::string_view saved, bool exact) {
    const std::string bytes = from_base64(saved);
    std::string_view rest = bytes;
    std::uint64_t code = 0;
    if (bytes.empty() && !saved.empty())
        return fail(ErrorCode::data, "stages of TPS kept from before are not base64");
    while (!rest.empty()) {
        const auto step = take(rest);
        const auto state =
            rest.empty() ? std::nullopt : unpacked(static_cast<std::uint8_t>(rest.front()));
        if (!step || !state)
            return fail(ErrorCode::data, "stages of TPS kept from before are damaged");
        rest.remove_prefix(1);
        code += *step;
        TpsState& to = at(TpsCode{code});
        to = *state;
        to.certain = to.certain && exact;
    }
    return {};
}

}  // namespace kentongan::sirekap
