// Sorts TPS into their areas.
#include "daemon/detect/sirekap/register_builder.hpp"

#include <algorithm>
#include <tuple>

#include "daemon/alert/province.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kNameLength = 120;
}

void RegisterBuilder::begin_file(std::string_view file) { files_.emplace_back(file); }

std::string RegisterBuilder::place(Place at) const {
    const std::string_view file = files_.empty() ? std::string_view{} : files_[at.file];
    return at.line == 0 ? std::string(file) : fmt::format("{}:{}", file, at.line);
}

Result<> RegisterBuilder::add(std::string_view text, std::uint32_t line, std::uint16_t voters) {
    const auto code = TpsCode::parse(text);
    if (!code)
        return fail_at(line, "'{}' is not a TPS code of 13 digits", printable_utf8(text, 40));
    if (entries_.size() == Register::kMaximumTps)
        return fail_at(line, "more than {} TPS", Register::kMaximumTps);
    entries_.push_back({*code, {current(), line}, voters});
    has_voters_ = has_voters_ || voters != kVotersUnknown;
    return {};
}

void RegisterBuilder::name(std::string_view code, std::string_view name) {
    if (names_.find(code) == names_.end()) names_.emplace(code, printable_utf8(name, kNameLength));
}

Result<Register> RegisterBuilder::finish() {
    if (entries_.empty())
        return fail(ErrorCode::data, "TPS register {}: no TPS in it",
                    files_.empty() ? "" : files_.front());
    // By code, and as they came where a code comes twice.
    std::ranges::sort(entries_, {}, [](const Entry& entry) {
        return std::tuple{entry.tps, entry.place.file, entry.place.line};
    });
    if (auto unique = check_unique(); !unique) return std::unexpected(unique.error());
    register_.tps_.reserve(entries_.size());
    register_.home_.resize(entries_.size());
    for (const Entry& entry : entries_) {
        register_.tps_.push_back(entry.tps);
        if (has_voters_) register_.voters_.push_back(entry.voters);
    }
    for (std::uint32_t i = 0; i < register_.tps_.size(); ++i) add_to_areas(i);
    link_areas();
    for (const auto& [code, name] : names_)
        if (register_.area(code) == nullptr) ++register_.without_tps_;
    return std::move(register_);
}

Result<> RegisterBuilder::check_unique() const {
    const auto twice = std::ranges::adjacent_find(entries_, {}, &Entry::tps);
    if (twice == entries_.end()) return {};
    const Place first = twice->place;
    const Place second = std::next(twice)->place;
    const std::string before = first.file != second.file ? "in " + place(first)
                               : first.line == 0         ? "in this file"
                                                         : fmt::format("on line {}", first.line);
    return fail(ErrorCode::data, "TPS register {}: TPS {} was listed before, {}", place(second),
                twice->tps.to_string(), before);
}

/// TPS come in the order of codes, so an area is being extended or begins here.
void RegisterBuilder::add_to_areas(std::uint32_t index) {
    const std::string code = register_.tps_[index].to_string();
    auto& areas = register_.areas_;
    for (std::size_t level = 0; level < kAreaLengths.size(); ++level) {
        const auto prefix = std::string_view{code}.substr(0, kAreaLengths[level]);
        if (open_[level] == SIZE_MAX || areas[open_[level]].code != prefix) {
            open_[level] = areas.size();
            const std::string own(prefix);
            areas.push_back({own, name_of(own), index, index, Register::kNone});
        }
        areas[open_[level]].end = index + 1;
    }
}

/// The order of codes is that of numbers but for the letters of overseas codes.
void RegisterBuilder::link_areas() {
    auto& areas = register_.areas_;
    std::ranges::sort(areas, {}, &Register::Area::code);
    std::array<std::uint32_t, 4> above{};
    for (std::uint32_t i = 0; i < areas.size(); ++i) {
        const auto found = std::ranges::find(kAreaLengths, areas[i].code.size());
        const auto level = static_cast<std::size_t>(found - kAreaLengths.begin());
        above[level] = i;
        register_.levels_[level].push_back(i);
        if (level > 0) areas[i].parent = above[level - 1];
        register_.parents_.push_back(areas[i].parent);
        if (level + 1 < kAreaLengths.size()) continue;
        register_.by_kelurahan_[register_.tps_[areas[i].begin].value / kNumbers] = {areas[i].begin,
                                                                                    areas[i].end};
        std::fill(register_.home_.begin() + areas[i].begin, register_.home_.begin() + areas[i].end,
                  i);
    }
}

std::string RegisterBuilder::name_of(const std::string& code) const {
    if (const auto found = names_.find(code); found != names_.end() && !found->second.empty())
        return found->second;
    return code.size() == 2 ? std::string(province_name(code)) : std::string{};
}

}  // namespace kentongan::sirekap
