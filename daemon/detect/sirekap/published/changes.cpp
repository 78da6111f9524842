// Compares two versions of one published file.
#include "daemon/detect/sirekap/published/changes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kentongan::sirekap::published {

namespace {

constexpr std::size_t kNamed = 5;

std::string first_few(const std::vector<std::string_view>& codes) {
    const auto end = codes.begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, codes.size()));
    std::string out = fmt::format("{}", fmt::join(codes.begin(), end, ", "));
    if (codes.size() > kNamed) out += fmt::format(" and {} more", codes.size() - kNamed);
    return out;
}

void compare_progress(const Node& before, const Document& now, std::vector<Change>& out) {
    if (!before.progress || !now.progress) return;
    if (now.progress->counted < before.progress->counted)
        out.push_back(
            {progress_fell_rule(), Severity::high,
             fmt::format("the number of TPS counted fell from {} to {}",
                         grouped(before.progress->counted), grouped(now.progress->counted))});
    if (now.progress->total != before.progress->total)
        out.push_back({denominator_rule(), Severity::info,
                       fmt::format("the number of TPS to be counted changed from {} to {}",
                                   grouped(before.progress->total), grouped(now.progress->total))});
}

void compare_votes(const Node& before, const Document& now, std::vector<Change>& out) {
    if (before.level != Document::Level::area || !before.chart || !now.chart) return;
    Difference fell = difference(*now.chart, *before.chart);
    std::erase_if(fell.by_candidate, [](const Vote& vote) { return vote.votes > 0; });
    if (!fell.none())
        out.push_back({votes_fell_rule(), Severity::info,
                       fmt::format("published votes fell by {}", describe(fell))});
}

void compare_rows(const Node& before, const Document& now, std::vector<Change>& out) {
    std::vector<std::string_view> gone;
    std::vector<std::string_view> uncounted;
    auto row = now.rows.begin();
    for (const Row& old : before.rows) {
        while (row != now.rows.end() && row->code < old.code) ++row;
        if (row == now.rows.end() || row->code != old.code)
            gone.push_back(old.code);
        else if (old.counted && !row->counted)
            uncounted.push_back(old.code);
    }
    if (!gone.empty())
        out.push_back({result_vanished_rule(), Severity::high,
                       fmt::format("{} of {} rows are there no more: {}", gone.size(),
                                   before.rows.size(), first_few(gone))});
    if (!uncounted.empty())
        out.push_back({result_vanished_rule(), Severity::medium,
                       fmt::format("{} rows that had numbers have none any more: {}",
                                   uncounted.size(), first_few(uncounted))});
}

void compare_form(const Node& before, const Document& now, std::vector<Change>& out) {
    const bool had_votes = before.chart.has_value() || before.status_votes.value_or(false);
    if (had_votes && !now.chart)
        out.push_back({result_vanished_rule(), Severity::medium,
                       "the numbers of the TPS are published no more"});
    std::size_t replaced = 0;
    std::size_t gone = 0;
    std::size_t had = 0;
    for (std::size_t i = 0; i < before.images.size(); ++i) {
        if (before.images[i] == 0) continue;
        ++had;
        const auto hash = i < now.images.size() ? image_hash(now.images[i]) : 0;
        if (hash == 0)
            ++gone;
        else if (hash != before.images[i])
            ++replaced;
    }
    if (replaced + gone == 0) return;
    const bool all_gone = gone == had;
    out.push_back({image_changed_rule(), all_gone ? Severity::medium : Severity::info,
                   fmt::format("of {} published pages {} were replaced and {} are there no more",
                               had, replaced, gone)});
}

}  // namespace

std::uint64_t image_hash(std::string_view url) {
    if (url.empty()) return 0;
    const auto digest = sha256(as_bytes(url));
    return std::max<std::uint64_t>(ByteReader{digest}.u64(), 1);
}

bool is_zeroed(const Node& before, const Document& now) {
    if (before.votes() <= 0) return false;
    if (now.chart ? sum_of(*now.chart) != 0 || std::ranges::any_of(*now.chart, &Vote::votes)
                  : now.level != Document::Level::tps)
        return false;
    return !before.progress || !now.progress || now.progress->counted >= before.progress->counted;
}

std::vector<Change> changes(const Node& before, const Document& now) {
    std::vector<Change> out;
    const bool zeroed = is_zeroed(before, now);
    compare_progress(before, now, out);
    if (!zeroed) compare_votes(before, now, out);
    if (now.level == Document::Level::area)
        compare_rows(before, now, out);
    else if (before.level == Document::Level::tps)
        compare_form(before, now, out);
    if (zeroed && now.level == Document::Level::tps)
        std::erase_if(out,
                      [](const Change& change) { return change.rule == result_vanished_rule(); });
    return out;
}

}  // namespace kentongan::sirekap::published
