#include "daemon/detect/yara/prefilter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kentongan::yara {

namespace {

/// Above this many, what the database takes to compile and to hold is more than it saves.
constexpr std::size_t kMostAtoms = 20000;
/// Ranges this near each other are one: beginning another costs libyara as much.
constexpr std::uint64_t kNear = 64;
/// Hyperscan counts in 32 bits.
constexpr std::size_t kMostBytes = std::size_t{1} << 31;

std::string escaped(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes)
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(byte));
    return out;
}

/// Matches come in the order of their ends, and each range holds the end of its match: only the
/// last ones can touch the new one.
void add(std::vector<Range>& ranges, Range one) {
    while (!ranges.empty() && one.begin <= ranges.back().end + kNear) {
        one.begin = std::min(one.begin, ranges.back().begin);
        one.end = std::max(one.end, ranges.back().end);
        ranges.pop_back();
    }
    ranges.push_back(one);
}

}  // namespace

std::shared_ptr<const Prefilter> Prefilter::of(const YR_RULES& rules) {
    auto atoms = atoms_of(rules, kMostAtoms);
    if (!atoms) return nullptr;
    auto out = std::make_shared<Prefilter>();
    out->atoms_ = std::move(*atoms);
    if (out->atoms_.empty()) return out;
    std::vector<sigma::ScanPattern> patterns;
    for (const Atom& atom : out->atoms_)
        patterns.push_back({.text = escaped(atom.bytes), .caseless = atom.caseless});
    auto database = sigma::ScanDatabase::compile(patterns);
    if (!database) return nullptr;
    out->database_ = std::move(*database);
    return out;
}

std::vector<Range> Prefilter::ranges(Bytes content, Scratch& scratch) const {
    if (content.size() > kMostBytes) return {{0, content.size()}};
    std::vector<Range> out;
    if (!database_) return out;
    database_->scan(as_text(content), scratch, [&](std::size_t number, std::size_t end) {
        const Atom& atom = atoms_[number];
        add(out, {end - std::min<std::uint64_t>(end, atom.before),
                  std::min<std::uint64_t>(end + atom.after, content.size())});
    });
    return out;
}

}  // namespace kentongan::yara
