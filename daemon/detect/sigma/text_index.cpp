#include "daemon/detect/sigma/text_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace kentongan::sigma {

namespace {

constexpr std::size_t kLongestLiteral = 256;  // of longer ones a part is searched for

std::string escaped(std::string_view literal) {
    std::string out;
    for (const char c : literal)
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out += c;
        else
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    return out;
}

}  // namespace

void PatternSet::add(ScanPattern pattern, Target target, std::size_t shortest) {
    shortest_ = std::min(shortest_, shortest);
    (target.original ? any_original_ : any_folded_) = true;
    patterns_.push_back(std::move(pattern));
    targets_.push_back(target);
}

void PatternSet::build(DatabaseSource& source, std::vector<IndexHit>& left) {
    build(0, patterns_.size(), source, left);
    patterns_ = {};
}

/// What cannot be taken together is tried in halves.
void PatternSet::build(std::size_t first, std::size_t last, DatabaseSource& source,
                       std::vector<IndexHit>& left) {
    if (first == last) return;
    const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
    const std::vector<ScanPattern> some(patterns_.begin() + at(first),
                                        patterns_.begin() + at(last));
    if (auto database = source.database_of(some)) {
        parts_.push_back({first, std::move(database)});
    } else if (last - first == 1) {
        left.push_back(targets_[first].hit);
    } else {
        const std::size_t middle = first + (last - first) / 2;
        build(first, middle, source, left);
        build(middle, last, source, left);
    }
}

void PatternSet::make_room_in(ScanScratch& scratch) const {
    for (const Part& part : parts_) scratch.make_room_for(*part.database);
}

void TextIndex::add_exact(std::string text, IndexHit hit) {
    exact_sizes_ |= std::uint64_t{1} << std::min<std::size_t>(text.size(), 63);
    exact_[std::move(text)].push_back(hit);
}

void TextIndex::add(const TextPattern& pattern, IndexHit hit) {
    using Shape = TextPattern::Shape;
    std::string literal = pattern.literal();
    holds_for_parts_ =
        holds_for_parts_ && pattern.is_open() && literal.find(kSeparator) == literal.npos;
    hit.sure = pattern.shape() != Shape::glob && !pattern.cased();
    if (pattern.shape() == Shape::exact) return add_exact(std::move(literal), hit);
    PatternSet::Target target{hit, pattern.shape() == Shape::suffix, false};
    if (literal.size() > kLongestLiteral) {
        target.hit.sure = false;
        literal = target.at_end ? literal.substr(literal.size() - kLongestLiteral)
                                : literal.substr(0, kLongestLiteral);
    }
    ScanPattern sought;
    sought.text = (pattern.shape() == Shape::prefix ? "^" : "") + escaped(literal);
    sought.caseless = true;
    sought.once = !target.at_end;
    bytes_.add(std::move(sought), target, literal.size());
}

void TextIndex::add(const Regex& regex, IndexHit hit) {
    const ScanPattern& pattern = *regex.scanned();
    holds_for_parts_ = false;
    hit.sure = !pattern.superset;
    (pattern.utf8 ? characters_ : bytes_).add(pattern, {hit, false, true}, shortest_match(pattern));
}

void TextIndex::build(DatabaseSource& source) {
    bytes_.build(source, always_);
    characters_.build(source, always_);
}

bool TextIndex::empty() const {
    return exact_.empty() && bytes_.empty() && characters_.empty() && always_.empty();
}

void TextIndex::make_room_in(ScanScratch& scratch) const {
    bytes_.make_room_in(scratch);
    characters_.make_room_in(scratch);
}

}  // namespace kentongan::sigma
